"""Which session a visitor has: one that still opens something, or one that begins; none that is merely named."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from consent_gate.cookies import CSRF, SESSION
from consent_gate.gate.judgement import Undeclared
from consent_gate.middleware import ConsentGateMiddleware, SessionGateMiddleware
from consent_gate.signals import session_settled
from consent_gate.tests.made_up import REFUSED, STATISTICS

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
