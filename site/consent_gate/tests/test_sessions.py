"""Which session a visitor has: one that still opens something, or one that begins; none that is merely named."""

from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.backends.file import SessionStore as FileStore
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from consent_gate.cookies import CSRF, SESSION, UNCONFIRMED_KEY
from consent_gate.declarations.declaration import Registry
from consent_gate.gate.consent import consent_of
from consent_gate.gate.erasure import erase_session_keys
from consent_gate.gate.judgement import Undeclared
from consent_gate.gate.sessions import GatedSession, gated
from consent_gate.middleware import ConsentGateMiddleware, SessionGateMiddleware
from consent_gate.signals import session_settled
from consent_gate.tests.made_up import FINGERPRINTS, REFUSED, STATISTICS, choice

pytestmark = [pytest.mark.usefixtures("made_up_site"), pytest.mark.django_db]

DEAD = {SESSION.name: "abcdefghijklmnopqrstuvwxyz012345"}
"""A session cookie that opens nothing, as one of another site on this host, or of a session that was swept out."""


def visitor(*cookies: dict[str, str]) -> Client:
    client = Client()
    for each in cookies:
        client.cookies.load(each)
    return client


def kept(client: Client) -> dict[str, str]:
    """The cookies in a client's jar that are not deleted ones."""
    return {name: morsel.value for name, morsel in client.cookies.items() if morsel.value}


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("answered", [{}, REFUSED], ids=["undecided", "refused"])
@pytest.mark.parametrize("address", ["form", "form-and-count", "sees", "page-with-form"])
def test_a_session_cookie_that_opens_nothing_brings_no_other_cookie(answered: dict[str, str], address: str) -> None:
    client = visitor(answered, DEAD)
    client.get(f"/{address}/")
    assert kept(client) == answered


@pytest.mark.usefixtures("engine")
def test_a_session_that_has_expired_is_not_replaced_by_another(settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE = -1
    client = visitor(REFUSED)
    client.post("/keeps/?basket=book")
    client.cookies[SESSION.name] = client.cookies[SESSION.name].value  # without the end that is over
    assert client.get("/form/").status_code == 200
    assert kept(client) == REFUSED


@pytest.mark.usefixtures("engine")
def test_a_session_that_loads_brings_the_token_of_forms_along() -> None:
    client = visitor(REFUSED)
    client.post("/keeps/?basket=book")
    client.get("/form/")
    assert CSRF.name in kept(client)


@pytest.mark.usefixtures("engine")
def test_a_session_of_which_nothing_is_allowed_any_more_brings_no_token() -> None:
    client = visitor(STATISTICS)
    client.post("/keeps/?count=1")
    client.cookies.load(REFUSED)
    client.get("/form/")
    assert kept(client) == REFUSED


def test_a_page_with_a_form_looks_for_the_session_once_and_no_other_page_does(
    django_assert_num_queries: DjangoAssertNumQueries, settings: Settings
) -> None:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each.startswith("consent_gate.")]
    client = visitor(REFUSED)
    client.post("/keeps/?basket=book")
    for address, queries in (("ok", 0), ("form", 1), ("page-with-form", 1), ("form-and-session", 1)):
        with django_assert_num_queries(queries):
            client.get(f"/{address}/")
    with django_assert_num_queries(0):
        visitor(REFUSED).get("/page-with-form/")


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("way", ["plain", "saved", "renewed"])
def test_a_session_that_a_view_puts_into_its_request_stands_behind_the_gate_too(way: str) -> None:
    client = visitor(REFUSED)
    response = client.post(f"/swaps/?count=1&stranger=1&{way}=1")
    if way == "plain":
        assert not response.cookies
    client.post(f"/swaps/?count=1&stranger=1&basket=book&{way}=1")
    assert dict(client.session.items()) == {"basket": "book"}


def test_in_strict_mode_a_session_from_elsewhere_may_hold_nothing_undeclared_either(settings: Settings) -> None:
    settings.CONSENT_STRICT = True
    request = RequestFactory().post("/")
    ConsentGateMiddleware(lambda _request: HttpResponse())(request)
    request.session = SessionStore()
    request.session["stranger"] = "1"
    with pytest.raises(Undeclared, match="stranger"):
        SessionGateMiddleware(lambda _request: HttpResponse()).process_response(request, HttpResponse())


@pytest.mark.usefixtures("engine")
def test_a_session_from_elsewhere_takes_no_place_of_one_that_stayed_behind() -> None:
    client = visitor(REFUSED)
    assert not client.post("/swaps/?basket=book", headers={"Sec-Fetch-Site": "cross-site"}).cookies


def test_a_receiver_that_fails_costs_no_response_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail(**_rest: object) -> None:
        raise LookupError("a defect in a receiver")

    session_settled.connect(fail)
    try:
        client = visitor(REFUSED)
        assert client.post("/keeps/?basket=book").status_code == 204
    finally:
        session_settled.disconnect(fail)
    assert client.session["basket"] == "book"
    assert "a defect in a receiver" in caplog.text


def session_of(cookies: dict[str, str], key: str | None = None) -> GatedSession:
    """A session of a visitor whose request, a form's, has passed the gate."""
    request = RequestFactory().post("/")
    request.COOKIES = dict(cookies)
    ConsentGateMiddleware(lambda _request: HttpResponse())(request)
    session = gated(SessionStore)(key)
    session.consent = consent_of(request)
    return session


def test_a_session_that_its_view_saves_has_a_cookie_that_lasts_no_less(
    settings: Settings, made_up_site: Registry
) -> None:
    """The store forgets it within hours until the cookie came back, and the browser need not know."""
    made_up_site.declare(UNCONFIRMED_KEY)

    def saves(request: HttpRequest) -> HttpResponse:
        consent_of(request).decide_anew(choice(*FINGERPRINTS))
        request.session["count"] = 1
        request.session.save()
        return HttpResponse()

    response = ConsentGateMiddleware(SessionGateMiddleware(saves))(RequestFactory().post("/"))
    assert response.cookies[SESSION.name]["max-age"] == settings.SESSION_COOKIE_AGE  # type: ignore[union-attr]
    assert "unconfirmed" in SessionStore(response.cookies[SESSION.name].value).load()  # type: ignore[union-attr]


def test_a_session_that_ends_within_hours_anyway_needs_no_mark(made_up_site: Registry) -> None:
    made_up_site.declare(UNCONFIRMED_KEY)
    client = Client()
    client.post("/keeps/?basket=book")
    assert set(SessionStore(client.cookies[SESSION.name].value).load()) == {"basket"}


def test_the_asynchronous_methods_of_a_session_keep_to_the_gate_too() -> None:
    begun = session_of(STATISTICS)
    begun.update({"basket": "book", "count": 1})
    async_to_sync(begun.asave)()
    assert begun.saved

    later = session_of(REFUSED, begun.session_key)
    assert async_to_sync(later.aload)() == {"basket": "book"}
    async_to_sync(later.adelete)()
    assert later.deleted_keys == (begun.session_key,)
    assert not Session.objects.exists()


def test_a_session_that_belongs_to_no_request_is_left_alone() -> None:
    session = gated(SessionStore)()
    session["stranger"] = 1
    session.save()
    assert gated(SessionStore)(session.session_key)["stranger"] == 1
    async_to_sync(session.asave)()
    assert dict(SessionStore(session.session_key).load()) == {"stranger": 1}


def test_an_asynchronous_save_keeps_nothing_that_is_not_allowed() -> None:
    session = session_of(REFUSED)
    session.update({"basket": "book", "count": 1})
    async_to_sync(session.asave)()
    assert SessionStore(session.session_key).load() == {"basket": "book"}


def test_an_asynchronous_save_marks_a_session_whose_cookie_may_not_come_back(made_up_site: Registry) -> None:
    made_up_site.declare(UNCONFIRMED_KEY)
    session = session_of({})
    assert session.consent
    session.consent.decide_anew(choice(*FINGERPRINTS))
    session["count"] = 1
    async_to_sync(session.asave)()
    assert set(SessionStore(session.session_key).load()) == {"count", UNCONFIRMED_KEY.name}


def test_a_session_is_changed_as_soon_as_anything_is_set_that_may_be_kept() -> None:
    session = session_of(REFUSED)
    for number in (1, 2):
        session["count"] = number
        assert not session.modified, "however often it is set"
    session["basket"] = "book"
    assert session.modified


def test_a_session_that_never_began_is_flushed_without_a_key() -> None:
    session = session_of(REFUSED)
    session.flush()
    assert session.deleted_keys == ()


def test_a_session_that_was_given_up_reads_as_none_at_all() -> None:
    begun = session_of(STATISTICS)
    begun["basket"] = "book"
    begun.save()
    session = session_of(STATISTICS, begun.session_key)
    session["count"] = 1
    session.give_up(OperationalError("away"))
    assert session.session_key is None
    assert not session.modified
    assert not session.keeps_something, "so that no token of forms comes beside it"
    assert dict(session.items()) == {}


def test_an_asynchronous_save_replaces_no_session_that_was_kept_back() -> None:
    session = session_of(REFUSED)
    session.replaces = True
    session["basket"] = "book"
    async_to_sync(session.asave)()
    assert not session.saved
    assert session.session_key is None


@pytest.mark.parametrize("engine", ["file"], indirect=True)
@pytest.mark.usefixtures("engine")
def test_a_damaged_session_file_is_an_empty_session() -> None:
    damaged = FileStore()
    damaged.create()
    Path(damaged._key_to_file()).write_bytes(b"\xff")  # type: ignore[attr-defined] # where it lies
    session = gated(FileStore)(damaged.session_key)
    assert session.load() == async_to_sync(session.aload)() == {}


def test_a_view_that_drops_its_session_gets_its_response() -> None:
    def drops(request: HttpRequest) -> HttpResponse:
        del request.session
        return HttpResponse("dropped")

    gate = ConsentGateMiddleware(SessionGateMiddleware(drops))
    assert gate(RequestFactory().get("/")).content == b"dropped"  # type: ignore[union-attr]


def test_erasing_keys_that_are_not_there_leaves_the_session_as_it_is() -> None:
    request = RequestFactory().post("/")
    request.session = SessionStore()
    request.session["basket"] = "book"
    request.session.save()
    before = request.session.session_key
    assert erase_session_keys(request, HttpResponse(), ["count"]) == []
    assert request.session.session_key == before
