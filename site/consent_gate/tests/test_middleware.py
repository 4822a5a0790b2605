"""The gate in front of real Django requests: what enters, what leaves, what is kept."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from http.cookies import Morsel
from typing import Any, cast

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.test import AsyncClient, Client, RequestFactory
from django.utils.module_loading import import_string
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from consent_gate.cookies import CHOICE, SESSION
from consent_gate.declarations.declaration import Registry
from consent_gate.declarations.purposes import Purpose
from consent_gate.gate.consent import Consent, consent_of
from consent_gate.gate.judgement import Reason, Undeclared
from consent_gate.gate.responses import set_cookie_lines
from consent_gate.gate.sessions import GatedSession, gated
from consent_gate.headers.set_cookie import from_morsel
from consent_gate.middleware import ConsentGateMiddleware, SessionGateMiddleware
from consent_gate.signals import response_released, session_settled
from consent_gate.tests.made_up import (
    COUNTER,
    EVERYTHING,
    KINDS,
    NO_CHOICE,
    RAISED,
    REFUSED,
    STATISTICS,
    TOUR,
    made_up_registry,
    with_cookies,
)

ALL_KINDS = [*KINDS, *RAISED]
GPC = {"Sec-GPC": "1"}

pytestmark = pytest.mark.usefixtures("made_up_site")


def visitor(cookies: Mapping[str, str]) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies.load(dict(cookies))
    return client


def left(response: HttpResponseBase) -> dict[str, str]:
    """The cookies that a response makes a browser keep, by name."""
    kept = {morsel.key: morsel.value for morsel in response.cookies.values() if morsel["max-age"] not in (0, "0")}
    raw = response.headers.get("Set-Cookie")
    return kept | ({raw.partition("=")[0]: raw} if raw else {})


def answer(
    response: HttpResponseBase, cookies: Mapping[str, str] = EVERYTHING, method: str = "GET"
) -> HttpResponseBase:
    """What becomes of a response on its way through the gate."""
    request = RequestFactory().generic(method, "/")
    request.COOKIES = dict(cookies)
    passed = ConsentGateMiddleware(lambda _request: response)(request)
    assert isinstance(passed, HttpResponseBase)
    return passed


# What leaves


@pytest.mark.parametrize("kind", ALL_KINDS)
@pytest.mark.parametrize("headers", [{}, GPC], ids=["undecided", "signalled"])
def test_nothing_leaves_before_a_choice_whatever_kind_of_response_it_is(kind: str, headers: dict[str, str]) -> None:
    response = visitor(NO_CHOICE).get(f"/answers/{kind}/", headers=headers)
    assert left(response) == {}


@pytest.mark.parametrize("value", ["", "0", "2", "-1", "01", "1.0", "11", "1, 1", "?1", "true", "on", "1;a=b"])
def test_only_the_value_1_of_sec_gpc_counts(value: str) -> None:
    """“1” alone says it; what any other value means is for nobody to guess (w3.org/TR/gpc, section 3.3)."""
    undecided, signalled, asked = (
        visitor(NO_CHOICE).get("/page/", headers=headers).content for headers in ({}, GPC, {"Sec-GPC": value})
    )
    assert asked == undecided != signalled


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_nothing_leaves_after_a_refusal_whatever_kind_of_response_it_is(kind: str) -> None:
    assert left(visitor(REFUSED).get(f"/answers/{kind}/")) == {}


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_only_what_is_granted_leaves_whatever_kind_of_response_it_is(kind: str) -> None:
    assert left(visitor(STATISTICS).get(f"/answers/{kind}/")) == {"counter": "1"}
    assert left(visitor(EVERYTHING).get(f"/answers/{kind}/")) == {"counter": "1", "colour_page": "red"}


@pytest.mark.parametrize("kind", ALL_KINDS)
@pytest.mark.parametrize("address", ["answers", "answers-later"])
@pytest.mark.parametrize("whole", [True, False])
def test_the_gate_stands_in_front_of_an_asynchronous_server_too(
    kind: str, address: str, settings: Settings, *, whole: bool
) -> None:
    """In the whole chain, of which a synchronous part has Django run the gate in a thread; and where the gate waits."""
    chain = settings.MIDDLEWARE
    settings.MIDDLEWARE = [each for each in chain if whole or getattr(import_string(each), "async_capable", False)]

    async def ask(cookies: Mapping[str, str]) -> HttpResponseBase:
        client = AsyncClient(raise_request_exception=False)
        client.cookies.load(dict(cookies))
        return await client.get(f"/{address}/{kind}/")

    assert left(asyncio.run(ask(NO_CHOICE))) == {}
    assert left(asyncio.run(ask(STATISTICS))) == {"counter": "1"}


def test_two_cookies_of_one_name_are_judged_one_by_one() -> None:
    response = HttpResponse()
    TOUR.send(response, "1")
    response.cookies["another key"] = response.cookies["tour"]
    response.headers["Set-Cookie"] = "stranger=2"
    assert [morsel.key for morsel in answer(response).cookies.values()] == ["tour", "tour"]
    assert "Set-Cookie" not in answer(response).headers


def test_a_stopped_name_does_not_leave_under_the_key_of_another() -> None:
    response = HttpResponse()
    response.set_cookie("stranger", "1")
    response.cookies["tour"] = response.cookies.pop("stranger")
    assert left(answer(response)) == {}


def test_a_declared_cookie_may_leave_in_a_header_of_ones_own() -> None:
    response = HttpResponse()
    response.headers["Set-Cookie"] = "counter=1; Max-Age=60; HttpOnly; SameSite=Lax; Path=/"
    assert left(answer(response)) == {"counter": "counter=1; Max-Age=60; HttpOnly; SameSite=Lax; Path=/"}


def test_a_header_of_ones_own_is_mended_too() -> None:
    response = HttpResponse()
    response.headers["Set-Cookie"] = "counter=1; Max-Age=99999999"
    passed = answer(response)
    assert "Set-Cookie" not in passed.headers
    [morsel] = passed.cookies.values()
    assert morsel.OutputString() == "counter=1; HttpOnly; Max-Age=86400; Path=/; SameSite=Lax"


def test_a_deletion_passes_without_a_declaration_and_without_a_choice() -> None:
    response = visitor(NO_CHOICE).get("/deletes/")
    assert set(response.cookies) == {"stranger", "counter"}
    assert response.headers["Set-Cookie"] == "other=; Max-Age=0"


def test_attributes_and_lifetime_are_mended_and_nothing_more_is_sent() -> None:
    response = HttpResponse()
    response.set_cookie("counter", "7", max_age=99_999_999, path="/books; Domain=evil.example", samesite="Strict")
    response.cookies["counter"]["comment"] = "x; Max-Age=99999999"
    [morsel] = answer(response).cookies.values()
    assert morsel.OutputString() == "counter=7; HttpOnly; Max-Age=86400; Path=/; SameSite=Lax"


def test_a_shorter_life_than_declared_is_kept() -> None:
    response = HttpResponse()
    response.set_cookie("counter", "7", max_age=60)
    assert answer(response).cookies["counter"]["max-age"] == "60"


def test_a_cookie_of_the_browsers_session_gets_no_lifetime() -> None:
    response = HttpResponse()
    response.set_cookie("tour", "7", expires="Fri, 01 Jan 2100 00:00:00 GMT")
    assert answer(response).cookies["tour"].OutputString() == "tour=7; HttpOnly; Path=/; SameSite=Lax"


def test_a_declared_cookie_leaves_untouched() -> None:
    response = HttpResponse()
    COUNTER.send(response, "1")
    before = response.cookies["counter"].OutputString()
    assert answer(response).cookies["counter"].OutputString() == before


def test_a_cookie_that_python_can_not_write_is_stopped_and_not_mended() -> None:
    response = HttpResponse(headers={"Set-Cookie": "colour_p@ge=red; Max-Age=99999999"})
    assert set_cookie_lines(answer(response)) == ()


@pytest.fixture
def released() -> Iterator[list[HttpResponseBase | None]]:
    """What the gate tells whoever listens."""
    told: list[HttpResponseBase | None] = []

    def listen(sender: object, *, response: HttpResponseBase | None, **kwargs: object) -> None:
        told.append(response)

    response_released.connect(listen)
    yield told
    response_released.disconnect(listen)


def test_a_receiver_sees_what_really_leaves(released: list[HttpResponseBase | None]) -> None:
    request = RequestFactory().get("/books/", headers={"Host": "testserver"})
    request.COOKIES = {**STATISTICS, "colour_page": "red"}
    response = HttpResponse()
    response.set_cookie("counter", "7", max_age=99_999_999)
    response.set_cookie("stranger", "1")
    passed = ConsentGateMiddleware(lambda _request: response)(request)
    assert isinstance(passed, HttpResponseBase)
    lines = [set_cookie_lines(each) for each in released if each]
    assert lines == [tuple(morsel.OutputString() for morsel in passed.cookies.values())]
    assert lines[0][0] == "counter=7; HttpOnly; Max-Age=86400; Path=/; SameSite=Lax"
    assert {line.partition("=")[0] for line in lines[0]} == {"counter", "colour_page"}, "the hidden one is deleted"


def test_a_receiver_of_one_kind_of_response_is_told_of_no_other() -> None:
    told: list[HttpResponseBase] = []

    def listen(sender: object, *, response: HttpResponseBase, **kwargs: object) -> None:
        told.append(response)

    response_released.connect(listen, sender=HttpResponseRedirect)
    redirect = HttpResponseRedirect("/")
    answer(HttpResponse())
    answer(redirect)
    response_released.disconnect(listen, sender=HttpResponseRedirect)
    assert told == [redirect]


def test_a_receiver_is_told_of_an_error_too(released: list[HttpResponseBase | None], settings: Settings) -> None:
    settings.CONSENT_STRICT = True
    response = HttpResponse()
    response.set_cookie("stranger", "1")
    with pytest.raises(Undeclared):
        answer(response)
    assert released == [None]


@pytest.mark.parametrize("strict", [True, False])
def test_a_receiver_is_given_the_request_with_what_the_gate_said_in_it(settings: Settings, *, strict: bool) -> None:
    told: list[str] = []

    def listen(*, request: HttpRequest, **kwargs: object) -> None:
        told.extend(str(verdict) for verdict in consent_of(request).verdicts)

    settings.CONSENT_STRICT = strict
    response = HttpResponse()
    response.set_cookie("stranger", "1")
    response_released.connect(listen)
    with pytest.raises(Undeclared) if strict else nullcontext():
        answer(response)
    response_released.disconnect(listen)
    assert told == ["cookie “stranger” stopped: not declared"]


def test_a_receiver_that_fails_breaks_no_response(caplog: pytest.LogCaptureFixture) -> None:
    def listen(**kwargs: object) -> None:
        raise ValueError("badly")

    response_released.connect(listen)
    try:
        assert answer(HttpResponse("plain")).status_code == 200
    finally:
        response_released.disconnect(listen)
    assert "badly" in caplog.text


@pytest.fixture
def meddler() -> Iterator[None]:
    """A receiver that sets cookies in both ways, changes one and takes one away."""

    def listen(sender: object, *, response: HttpResponseBase | None, **kwargs: object) -> None:
        if response is not None:
            response.set_cookie("stranger", "secret")
            response.headers["Set-Cookie"] = "raw=secret"
            response.cookies["counter"]["max-age"] = 99_999_999
            response.cookies.pop("tour", None)

    response_released.connect(listen)
    yield
    response_released.disconnect(listen)


def with_two_cookies(header: str | None = None) -> HttpResponse:
    response = HttpResponse(headers={"Set-Cookie": header} if header else None)
    COUNTER.send(response, "7")
    TOUR.send(response, "1")
    return response


@pytest.mark.usefixtures("meddler")
@pytest.mark.parametrize("header", [None, "colour_page=; Max-Age=0"], ids=["no header", "a header of the view's own"])
def test_a_receiver_gets_no_cookie_past_the_gate(header: str | None, caplog: pytest.LogCaptureFixture) -> None:
    expected = set_cookie_lines(with_two_cookies(header))
    assert set_cookie_lines(answer(with_two_cookies(header))) == expected
    [record] = caplog.records
    assert record.name == "consent_gate.gate", "where a project listens to hear of defects"
    assert "changed cookies of a response that was judged already: " in caplog.text
    assert "counter, raw, stranger, tour. They were stopped." in caplog.text
    assert "secret" not in caplog.text


def test_a_receiver_gets_no_header_past_the_gate() -> None:
    def listen(sender: object, *, response: HttpResponseBase, **kwargs: object) -> None:
        response.headers["Set-Cookie"] = "raw=secret"

    response_released.connect(listen)
    try:
        assert "Set-Cookie" not in answer(HttpResponse()).headers
    finally:
        response_released.disconnect(listen)


@pytest.mark.parametrize("strict", [True, False])
def test_a_receiver_that_only_looks_is_no_defect(
    released: list[HttpResponseBase | None], settings: Settings, caplog: pytest.LogCaptureFixture, *, strict: bool
) -> None:
    settings.CONSENT_STRICT = strict
    response = with_two_cookies()
    assert answer(response) is response
    assert released == [response]
    assert not caplog.records


@pytest.mark.usefixtures("meddler")
def test_in_strict_mode_a_receiver_that_sets_a_cookie_is_an_error(settings: Settings) -> None:
    settings.CONSENT_STRICT = True
    with pytest.raises(Undeclared, match=r"receiver of response_released .*stranger.* in a view"):
        answer(with_two_cookies())


def test_a_defect_is_logged_without_any_value(caplog: pytest.LogCaptureFixture) -> None:
    response = HttpResponse()
    response.set_cookie("stranger", "secret")
    response.set_cookie("counter", "secret")
    response.headers["Set-Cookie"] = "raw=secret"
    with caplog.at_level(logging.WARNING, "consent_gate.gate"):
        answer(response)
    assert [record.getMessage() for record in caplog.records] == [
        "cookie “raw” stopped: not declared",
        "cookie “stranger” stopped: not declared",
        "cookie “counter” allowed: sent otherwise than declared (HttpOnly, SameSite)",
    ]


def test_a_defect_is_said_once_however_often_it_is_met(caplog: pytest.LogCaptureFixture) -> None:
    response = HttpResponse()
    response.set_cookie("stranger", "1")
    response.cookies["again"] = response.cookies["stranger"]
    answer(response)
    assert [record.getMessage() for record in caplog.records] == ["cookie “stranger” stopped: not declared"]


def test_what_is_not_granted_is_no_defect(caplog: pytest.LogCaptureFixture) -> None:
    response = HttpResponse()
    COUNTER.send(response, "1")
    answer(response, REFUSED)
    assert not caplog.records


@pytest.mark.parametrize("name", ["stranger", "counter"])
def test_in_strict_mode_a_defect_raises(settings: Settings, name: str) -> None:
    settings.CONSENT_STRICT = True
    response = HttpResponse()
    response.set_cookie(name, "secret")
    with pytest.raises(Undeclared, match=name) as raised:
        answer(response)
    assert "secret" not in str(raised.value)


def test_in_strict_mode_a_refused_cookie_is_stopped_without_a_word(settings: Settings) -> None:
    settings.CONSENT_STRICT = True
    response = HttpResponse()
    COUNTER.send(response, "1")
    assert left(answer(response, REFUSED)) == {}


# The decision at the end of the request


@pytest.mark.django_db
def test_a_cookie_set_before_a_withdrawal_in_the_same_request_does_not_leave() -> None:
    assert left(visitor(EVERYTHING).post("/withdraws-late/")) == {}


def test_a_cookie_set_before_a_yes_in_the_same_request_leaves() -> None:
    assert left(visitor(NO_CHOICE).post("/grants-late/")) == {"counter": "1", "colour_page": "red"}


# The first visit


def test_a_first_visit_that_opens_a_page_stores_not_even_what_is_necessary() -> None:
    response = HttpResponse()
    TOUR.send(response, "1")
    assert left(answer(response, NO_CHOICE)) == {}


def test_a_first_visit_that_sends_a_form_stores_what_is_necessary() -> None:
    response = HttpResponse()
    TOUR.send(response, "1")
    assert left(answer(response, NO_CHOICE, method="POST")) == {"tour": "1"}


@pytest.mark.parametrize("cookies", [REFUSED, {"tour": "0"}])
def test_whoever_decided_or_brought_a_cookie_gets_what_is_necessary(cookies: dict[str, str]) -> None:
    response = HttpResponse()
    TOUR.send(response, "1")
    assert left(answer(response, cookies)) == {"tour": "1"}


def test_a_foreign_cookie_does_not_end_the_first_visit() -> None:
    response = HttpResponse()
    TOUR.send(response, "1")
    assert left(answer(response, {"stranger": "1"})) == {}


# Caches


def test_a_page_is_the_same_bytes_for_every_undecided_visitor() -> None:
    pages = [
        visitor(cookies).get("/page/", headers=headers)
        for cookies, headers in (
            (NO_CHOICE, {}),
            ({"stranger": "1"}, {}),
            ({CHOICE.name: "forged"}, {"User-Agent": "another"}),
        )
    ]
    assert len({page.content for page in pages}) == 1
    assert len({tuple(sorted(page.headers.items())) for page in pages}) == 1


def test_a_page_that_asks_for_the_decision_varies_by_it() -> None:
    assert visitor(NO_CHOICE).get("/page/").headers["Vary"] == "Accept-Language, Cookie, Sec-GPC"
    assert visitor(NO_CHOICE).get("/ok/").headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize(
    "look",
    [
        lambda consent: consent.choice,
        lambda consent: consent.choice_came_back,
        lambda consent: consent.cookies_are_kept,
        lambda consent: consent.decision,
        lambda consent: consent.grants(Purpose.STATISTICS),
    ],
    ids=["choice", "choice came back", "cookies are kept", "decision", "grants"],
)
def test_whatever_of_an_answer_a_view_looks_at_its_response_varies_by_it(look: Callable[[Consent], object]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        look(consent_of(request))
        return HttpResponse()

    response = ConsentGateMiddleware(view)(RequestFactory().get("/"))
    assert response.headers["Vary"] == "Cookie, Sec-GPC"  # type: ignore[union-attr]


def test_a_response_whose_cookies_were_judged_varies_by_the_decision() -> None:
    for cookies in (NO_CHOICE, EVERYTHING):
        response = HttpResponse()
        COUNTER.send(response, "1")
        assert answer(response, cookies).headers["Vary"] == "Cookie, Sec-GPC"


def test_a_cookie_that_nobody_declared_makes_no_response_vary() -> None:
    """It is another site's: no answer of this visitor is about it."""
    assert visitor({"stranger": "1"}).get("/ok/").headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_no_shared_cache_keeps_a_response_that_sends_a_cookie(kind: str) -> None:
    address = f"/answers/{kind}/"
    assert "private" in visitor(STATISTICS).get(address).headers["Cache-Control"].split(", ")
    assert "private" not in visitor(REFUSED).get(address).headers.get("Cache-Control", ""), "no cookie is left in it"


def test_no_shared_cache_keeps_a_deletion_for_visitors_who_said_yes() -> None:
    response = HttpResponse(headers={"Cache-Control": "public, max-age=60"})
    passed = answer(response, {"counter": "1"})
    assert passed.headers["Cache-Control"] == "max-age=60, private"
    assert passed.headers["Vary"] == "Cookie, Sec-GPC"


# What enters


def test_views_see_no_cookie_that_is_undeclared_or_not_granted() -> None:
    sent = {"counter": "1", "colour_page": "red", "tour": "1", "stranger": "1"}
    assert visitor(sent).get("/sees/").json()["cookies"] == {"tour": "1"}
    assert visitor(sent | STATISTICS).get("/sees/").json()["cookies"] == {"tour": "1", "counter": "1"} | STATISTICS


def test_what_is_kept_from_views_is_named_for_whoever_looks_into_the_request() -> None:
    request = RequestFactory().get("/", HTTP_COOKIE="stranger=1; counter=1; tour=1; \xc2\xa0tour=2")
    ConsentGateMiddleware(lambda _request: HttpResponse())(request)
    assert request.COOKIES == {"tour": "1"}
    assert sorted(consent_of(request).hidden) == ["counter", "stranger", "\xa0tour"]
    assert consent_of(request).expiring == ("counter",)


def test_what_was_hidden_is_expired_if_it_is_declared_and_left_alone_if_not() -> None:
    response = visitor({"counter": "1", "colour_page": "red", "stranger": "1"}).get("/ok/")
    expired = {morsel.key for morsel in response.cookies.values() if morsel["max-age"] == "0"}
    assert expired == {"counter", "colour_page"}


def test_what_was_hidden_is_expired_where_it_is_declared_to_lie_and_above_the_page(made_up_site: Registry) -> None:
    made_up_site.declare(replace(COUNTER, name="shop", path="/shop/"))
    response = visitor({"shop": "1"}).get("/answers/plain/")
    places = {morsel["path"] for morsel in response.cookies.values() if morsel.key == "shop"}
    assert places == {"/shop/", "/", "/answers", "/answers/", "/answers/plain", "/answers/plain/"}


def test_a_hidden_cookie_that_becomes_allowed_in_this_request_is_not_expired() -> None:
    response = visitor({"counter": "1"}).post("/grants-late/")
    assert left(response) == {"counter": "1", "colour_page": "red"}
    assert all(morsel["max-age"] != "0" for morsel in response.cookies.values())


# Session keys


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("address", ["keeps", "keeps-and-saves"])
def test_a_session_key_that_is_not_granted_is_not_kept_and_gives_nobody_a_session(address: str) -> None:
    client = visitor(REFUSED)
    response = client.post(f"/{address}/?count=1&stranger=1")
    if address == "keeps":
        assert left(response) == {}
    client.post(f"/{address}/?basket=book&count=1")
    assert dict(client.session.items()) == {"basket": "book"}
    assert client.get("/sees/").json()["session"] == {"basket": "book"}


@pytest.mark.django_db
def test_a_session_is_not_saved_for_a_key_that_is_not_granted(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = visitor(REFUSED)
    client.post("/keeps/?basket=book")
    with django_assert_num_queries(1) as captured:
        client.post("/keeps/?count=1&stranger=1")
    assert captured[0]["sql"].startswith("SELECT")
    client.post("/keeps/?count=1&basket=two")
    assert dict(client.session.items()) == {"basket": "two"}


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_a_session_key_is_readable_at_once_and_kept_if_granted_in_the_same_request() -> None:
    client = visitor(REFUSED)
    client.post("/keeps/?basket=book")
    response = client.post("/grants-late/?count=1")
    assert response.content == b'{"basket": "book", "count": "1"}'
    client.cookies.load(STATISTICS)
    assert dict(client.session.items()) == {"basket": "book", "count": "1"}


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_a_granted_session_key_is_kept() -> None:
    client = visitor(STATISTICS)
    assert set(left(client.post("/keeps/?count=1"))) == {SESSION.name}
    assert client.get("/sees/").json()["session"] == {"count": "1"}


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_a_session_key_whose_yes_is_gone_is_not_readable_and_is_erased() -> None:
    client = visitor(STATISTICS)
    client.post("/keeps/?basket=book&count=1")
    client.cookies.load(REFUSED)
    assert client.get("/sees/").json()["session"] == {"basket": "book"}
    client.cookies.load(STATISTICS)
    assert client.get("/sees/").json()["session"] == {"basket": "book"}


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_a_session_with_nothing_left_in_it_goes_altogether() -> None:
    client = visitor(STATISTICS)
    client.post("/keeps/?count=1")
    client.cookies.load(REFUSED)
    assert client.get("/sees/").cookies[SESSION.name]["max-age"] == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("address", ["keeps", "keeps-and-saves"])
def test_an_auxiliary_key_begins_no_session_and_keeps_none_alive(address: str) -> None:
    client = visitor(STATISTICS)
    client.post("/keeps/?used=1")
    assert SESSION.name not in client.cookies
    client.post(f"/{address}/?used=1&count=1")
    assert client.get("/sees/").json()["session"] == {"used": "1", "count": "1"}
    client.cookies.load(REFUSED)
    assert client.post("/keeps/?used=2").cookies[SESSION.name]["max-age"] == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_an_auxiliary_key_may_be_set_before_the_others() -> None:
    client = visitor(REFUSED)
    client.post("/keeps/?used=1&basket=book")
    assert dict(client.session.items()) == {"used": "1", "basket": "book"}


@pytest.mark.django_db
def test_a_session_is_saved_for_an_auxiliary_key_beside_what_it_holds(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = visitor(REFUSED)
    client.post("/keeps/?basket=book")
    client.post("/keeps/?used=1")
    assert dict(client.session.items()) == {"basket": "book", "used": "1"}
    with django_assert_num_queries(1):
        client.get("/sees/")


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_a_session_key_withdrawn_in_a_request_is_erased_with_it() -> None:
    client = visitor(EVERYTHING)
    client.post("/keeps/?basket=book&count=1")
    client.post("/withdraws-late/")
    assert dict(client.session.items()) == {"basket": "book"}


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_a_session_of_which_a_withdrawal_leaves_nothing_goes_with_it() -> None:
    client = visitor(EVERYTHING)
    client.post("/keeps/?count=1")
    assert client.post("/withdraws-late/").cookies[SESSION.name]["max-age"] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("engine")
def test_session_keys_are_gated_on_an_asynchronous_server_too() -> None:
    async def ask() -> tuple[HttpResponseBase, HttpResponseBase]:
        client = AsyncClient()
        client.cookies.load(REFUSED)
        first = await client.post("/keeps/?count=1")
        await client.post("/keeps/?count=1&basket=book")
        return first, await client.get("/sees/")

    first, then = asyncio.run(ask())
    assert left(first) == {}
    assert isinstance(then, HttpResponse)
    assert b'"session": {"basket": "book"}' in then.content


@pytest.mark.usefixtures("engine")
@pytest.mark.django_db
def test_the_gate_reads_sessions_that_were_saved_without_it_and_the_other_way_round(made_up_site: Registry) -> None:
    client = visitor(REFUSED)
    stock = client.session
    stock["basket"] = "book"
    stock.save()
    client.cookies[SESSION.name] = stock.session_key or ""
    assert client.get("/sees/").json()["session"] == {"basket": "book"}
    client.post("/keeps/?basket=two")
    assert client.session["basket"] == "two"


def test_a_gated_store_is_made_once_for_each_store() -> None:
    assert gated(SessionStore) is gated(SessionStore)


@pytest.fixture
def settled() -> Iterator[list[GatedSession]]:
    """The sessions of which the middleware said what became of them."""
    heard: list[GatedSession] = []

    def hear(*, session: GatedSession, **_rest: object) -> None:
        heard.append(session)

    session_settled.connect(hear)
    yield heard
    session_settled.disconnect(hear)


@pytest.mark.django_db
def test_what_became_of_a_session_is_said_once_it_is_saved(made_up_site: Registry, settled: list[GatedSession]) -> None:
    client = visitor(REFUSED)
    client.post("/keeps/?basket=one")
    client.post("/keeps/?basket=two")
    first, second = settled
    assert (dict(first.loaded), dict(second.loaded)) == ({}, {"basket": "one"})
    assert [(each.saved, each.deleted_keys) for each in settled] == [(True, ()), (True, ())]
    client.get("/sees/")
    client.get("/ok/")
    assert len(settled) == 2, "what only reads a session leaves it as it is"


@pytest.mark.django_db
def test_a_session_that_a_view_put_into_its_request_is_said_to_be_saved_too(settled: list[GatedSession]) -> None:
    visitor(REFUSED).post("/swaps/?basket=book")
    assert [(each.saved, each["basket"]) for each in settled] == [(True, "book")]


@pytest.mark.django_db
def test_a_deleted_session_is_said_even_if_nothing_was_saved(
    made_up_site: Registry, settled: list[GatedSession]
) -> None:
    client = visitor(STATISTICS)
    client.post("/keeps/?count=1")
    key = client.session.session_key
    client.cookies.load(REFUSED)
    client.get("/sees/")
    assert [(each.saved, each.deleted_keys) for each in settled] == [(True, ()), (False, (key,))]


@pytest.mark.django_db
def test_what_a_view_saved_before_it_failed_is_not_said_to_be_kept(settled: list[GatedSession]) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        request.session["basket"] = "book"
        request.session.save()
        return HttpResponse(status=500)

    inside = SessionGateMiddleware(fails)
    request = RequestFactory().post("/")
    ConsentGateMiddleware(inside)(request)
    assert not settled


def session_of(cookies: Mapping[str, str]) -> SessionBase:
    """A new session of a visitor whose request has passed the gate."""
    request: HttpRequest = RequestFactory().post("/")
    request.COOKIES = dict(cookies)
    ConsentGateMiddleware(lambda _request: HttpResponse())(request)
    session: GatedSession = gated(SessionStore)()
    session.consent = consent_of(request)
    return session


def test_in_strict_mode_an_undeclared_session_key_raises(settings: Settings) -> None:
    settings.CONSENT_STRICT = True
    session = session_of(REFUSED)
    session["stranger"] = "secret"
    with pytest.raises(Undeclared, match="session key “stranger” stopped: not declared"):
        session.save()


def test_a_first_visit_that_opens_a_page_starts_no_session() -> None:
    assert left(visitor(NO_CHOICE).get("/keeps/?basket=book&count=1")) == {}


# What it costs


@pytest.mark.django_db
@pytest.mark.parametrize("cookies", [NO_CHOICE, REFUSED, EVERYTHING, {"counter": "1"}])
def test_the_gate_needs_no_query_and_no_cache(
    cookies: dict[str, str],
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_cache(*args: object, **kwargs: object) -> None:
        pytest.fail("The cache was asked.")

    monkeypatch.setattr("django.core.cache.CacheHandler.__getitem__", no_cache)
    with django_assert_num_queries(0):
        answer(with_cookies(HttpResponse()), cookies)


# Anything at all


def unchecked_morsel(line: str) -> "Morsel[str]":
    """One whose name and value were never looked at, as after unpickling."""
    name, _equals, value = line.partition("=")
    morsel: Any = Morsel()
    morsel.__setstate__({"key": name, "value": value, "coded_value": value})
    return cast("Morsel[str]", morsel)


latin_1 = st.characters(max_codepoint=255)
names = st.one_of(
    st.sampled_from(["counter", "colour_page", "tour", "stranger", "COUNTER", CHOICE.name, SESSION.name]),
    st.text(min_size=1, max_size=8),
)
cookie_lines = st.lists(
    st.one_of(
        st.builds("{}={}".format, names, st.text(max_size=20)),
        st.sampled_from(["Max-Age=60", "Max-Age=0", "Path=/", "HttpOnly", "Secure", "SameSite=Lax", "Expires=soon"]),
        st.text(max_size=20),
    ),
    min_size=1,
    max_size=6,
).map("; ".join)
choices = st.one_of(
    st.sampled_from([NO_CHOICE, REFUSED, STATISTICS, EVERYTHING]),
    st.text().map(lambda text: {CHOICE.name: text}),
)


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=st.text(latin_1, max_size=60) | st.text(latin_1, max_size=9).map("counter=1; colour_{}=1".format),
    choice=choices,
    sent=st.lists(cookie_lines, max_size=3),
    raw=st.none() | cookie_lines,
    method=st.sampled_from(["GET", "POST"]),
    gpc=st.booleans(),
)
def test_whatever_comes_and_whatever_is_sent_the_gate_holds(
    *, header: str, choice: dict[str, str], sent: list[str], raw: str | None, method: str, gpc: bool
) -> None:
    request = RequestFactory().generic(method, "/", headers={"Cookie": header} | (GPC if gpc else {}))
    request.COOKIES.update(choice)
    response = HttpResponse()
    for number, line in enumerate(sent):
        response.cookies[str(number)] = unchecked_morsel(line)
    if raw is not None:
        response.headers["Set-Cookie"] = raw.replace("\n", "").replace("\r", "")
    passed = ConsentGateMiddleware(lambda _request: response)(request)
    assert isinstance(passed, HttpResponseBase)
    consent = consent_of(request)
    made_up = made_up_registry()
    for verdict in consent.verdicts:
        declared = made_up.cookies.find(verdict.name)
        if verdict.allowed and verdict.reason is not Reason.DELETION:
            assert declared is not None
            assert declared.purpose in consent.decision.granted
    allowed = {verdict.name for verdict in consent.verdicts if verdict.allowed} | set(consent.expiring)
    assert {from_morsel(morsel, 0).name for morsel in passed.cookies.values()} <= allowed


@hypothesis_settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(min_size=1), st.integers()), st.sampled_from([NO_CHOICE, REFUSED, STATISTICS]))
def test_whatever_is_put_into_a_session_the_gate_holds(data: dict[str, int], cookies: dict[str, str]) -> None:
    session = session_of(cookies)
    session.update(data | {"count": 1, "basket": 2})
    session.save()
    assert set(session.keys()) == ({"basket", "count"} if cookies is STATISTICS else {"basket"})
