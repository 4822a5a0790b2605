"""What is erased goes on both sides, in the browser and in the session, and nothing else goes with it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import Settings

from consent_gate.cookies import BACKEND_KEY, CSRF, PASSWORD_MARK_KEY, SESSION, TEST_COOKIE_KEY, USER_KEY
from consent_gate.declarations.declaration import Registry, SessionKeyDeclaration
from consent_gate.declarations.purposes import Purpose
from consent_gate.gate.consent import Consent, consent_of
from consent_gate.gate.erasure import (
    CLEAR_SITE_DATA,
    clear_browser_and_session,
    cookies_of,
    delete_cookies,
    erase_from,
    erase_session_keys,
    withdraw,
)
from consent_gate.gate.sessions import GatedSession, gated, introduce
from consent_gate.tests.made_up import COLOUR, COUNTER, EVERYTHING, FINGERPRINTS, choice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_up_site")]

Ask = Callable[..., HttpRequest]


@pytest.fixture
def client() -> Client:
    """The browser of somebody who allows everything, with a session."""
    client = Client()
    client.cookies.load(EVERYTHING)
    client.post("/keeps/?basket=book&count=1")
    return client


@pytest.fixture
def ask(client: Client, settings: Settings) -> Ask:
    """A request of theirs to a page below, with what else the browser brings."""
    settings.ALLOWED_HOSTS = ["www.localhost"]

    def ask(brought: Mapping[str, str] | None = None) -> HttpRequest:
        client.cookies.load(dict(brought or {}))
        return client.get("/answers/plain/", headers={"Host": "www.localhost"}).wsgi_request

    return ask


def is_stored(key: str | None) -> bool:
    """Whether the server still holds a session."""
    return SessionStore().exists(key or "")


def deleted(response: HttpResponse) -> set[tuple[str, str, str]]:
    """What a response makes a browser forget: name, domain and path."""
    gone = (each for each in response.cookies.values() if each["max-age"] in ("0", 0))
    return {(each.key, each["domain"], each["path"]) for each in gone}


PLACES = {(domain, path) for domain in ("", "www.localhost") for path in ("/", "/answers", "/answers/")}


def test_a_cookie_is_deleted_by_name_wherever_the_page_may_have_got_it_from(ask: Ask) -> None:
    response = HttpResponse()
    assert delete_cookies(ask({"stranger": "1", "other": "2"}), response, ["stranger", "nowhere"]) == ["stranger"]
    assert {(domain, path) for name, domain, path in deleted(response) if name == "stranger"} >= PLACES
    assert {name for name, _domain, _path in deleted(response)} == {"stranger"}


def test_with_the_sessions_cookie_goes_the_session(ask: Ask) -> None:
    request, response = ask(), HttpResponse()
    key = request.session.session_key
    delete_cookies(request, response, ["counter"])
    assert is_stored(key)
    assert delete_cookies(request, response, [SESSION.name]) == [SESSION.name]
    assert not is_stored(key)
    assert CSRF.name in {name for name, _domain, _path in deleted(response)}


def test_what_is_left_of_a_session_gets_another_key(ask: Ask) -> None:
    request = ask()
    before = request.session.session_key
    assert erase_session_keys(request, HttpResponse(), ["count", "stranger"]) == ["count"]
    assert dict(request.session.items()) == {"basket": "book"}
    assert request.session.session_key != before
    assert not is_stored(before)


def test_a_session_of_which_nothing_was_erased_keeps_its_key(ask: Ask) -> None:
    request = ask()
    before = request.session.session_key
    assert erase_session_keys(request, HttpResponse(), ["stranger"]) == []
    assert request.session.session_key == before


def test_a_session_with_nothing_left_but_its_length_ends(ask: Ask) -> None:
    request, response = ask(), HttpResponse()
    request.session.set_expiry(60)
    before = request.session.session_key
    assert sorted(erase_session_keys(request, response, ["count", "basket"])) == ["basket", "count"]
    assert not is_stored(before)
    assert not request.session.keys()
    assert CSRF.name in {name for name, _domain, _path in deleted(response)}


@pytest.mark.parametrize("key", [USER_KEY, BACKEND_KEY, PASSWORD_MARK_KEY])
def test_the_keys_of_a_sign_in_go_together(ask: Ask, key: SessionKeyDeclaration) -> None:
    request = ask()
    for each in (USER_KEY, BACKEND_KEY, PASSWORD_MARK_KEY):
        SessionBase.__setitem__(request.session, each.name, "x")
    erased = erase_session_keys(request, HttpResponse(), [key.name])
    assert set(erased) == {USER_KEY.name, BACKEND_KEY.name, PASSWORD_MARK_KEY.name}
    assert dict(request.session.items()) == {"basket": "book", "count": "1"}


def test_erasing_another_key_signs_nobody_out(ask: Ask, made_up_site: Registry) -> None:
    request = ask()
    for each in (USER_KEY, BACKEND_KEY, PASSWORD_MARK_KEY):
        made_up_site.declare(each)
        SessionBase.__setitem__(request.session, each.name, "x")
    assert erase_session_keys(request, HttpResponse(), ["count"]) == ["count"]
    assert request.session[USER_KEY.name] == "x"


def test_erasing_from_a_visitor_without_a_session_sends_nothing() -> None:
    request, response = Client().get("/ok/").wsgi_request, HttpResponse()
    assert erase_session_keys(request, response, ["count"]) == []
    assert not response.cookies


def test_everything_that_came_goes_and_what_the_site_keeps_elsewhere(ask: Ask) -> None:
    request, response = ask({"stranger": "1"}), HttpResponse()
    key = request.session.session_key
    clear_browser_and_session(request, response)
    assert {(domain, path) for name, domain, path in deleted(response) if name == "stranger"} >= PLACES
    assert {name for name, _domain, _path in deleted(response)} >= {"stranger", SESSION.name, CSRF.name, *EVERYTHING}
    assert response.headers["Clear-Site-Data"] == CLEAR_SITE_DATA == '"cookies", "storage"'
    assert not is_stored(key)


def test_a_withdrawal_takes_the_cookies_of_its_purpose_alone(made_up_site: Registry) -> None:
    present = ["colour_page", "stranger", "counter"]
    assert cookies_of([Purpose.STATISTICS], made_up_site.cookies, present) == [COUNTER]
    assert cookies_of([Purpose.PREFERENCES], made_up_site.cookies, present) == ["colour_page"]
    assert cookies_of([Purpose.PREFERENCES], made_up_site.cookies, []) == []
    assert COLOUR.is_pattern


def test_what_came_is_deleted_before_what_may_have_come(made_up_site: Registry) -> None:
    for name in ("earlier", "later"):
        made_up_site.declare(replace(COUNTER, name=name))
    found = cookies_of([Purpose.STATISTICS, Purpose.PREFERENCES], made_up_site.cookies, ["later", "colour_page"])
    assert [getattr(each, "name", each) for each in found] == ["colour_page", "later", "counter", "earlier"]


def test_the_token_of_forms_stays_as_long_as_a_session_does(ask: Ask) -> None:
    request, response = ask(), HttpResponse()
    withdraw(request, response, [Purpose.STATISTICS], "/books/?page=2")
    assert CSRF.name not in response.cookies
    assert ("counter", "www.localhost", "/books/") in deleted(response), "a cookie may lie where the visitor goes next"
    assert ("counter", "www.localhost", "/answers/") in deleted(response), "and where the form was sent to"
    assert not any("?" in path for _name, _domain, path in deleted(response))
    request.session.flush()
    withdraw(request, response, [Purpose.STATISTICS], "/")
    assert CSRF.name in response.cookies


def test_a_yes_to_what_was_declared_before_is_withdrawn_like_one_that_counts() -> None:
    before = choice(Purpose.STATISTICS, fingerprints=dict.fromkeys(FINGERPRINTS, "0" * 12))
    consent = Consent(before, gpc=False, fingerprints=FINGERPRINTS)
    assert not consent.grants(Purpose.STATISTICS)
    assert consent.decide_anew(choice()) == {Purpose.STATISTICS}, "what it stored may still be there"


def test_whoever_had_answered_nothing_withdraws_nothing() -> None:
    consent = Consent(None, gpc=False, fingerprints=FINGERPRINTS)
    assert not consent.take_back_the_last_yes()
    assert consent.decide_anew(choice()) == frozenset()


def test_what_a_withdrawal_leaves_of_a_session_gets_another_key(ask: Ask) -> None:
    request = ask()
    before = request.session.session_key
    assert request.session["count"] == "1", "which was allowed until now"
    consent_of(request).decide_anew(choice())
    withdraw(request, HttpResponse(), [Purpose.STATISTICS], "/")
    assert dict(request.session.items()) == {"basket": "book"}
    assert is_stored(request.session.session_key)
    assert not is_stored(before), "which a request that is still under way would save to"


def test_a_session_of_which_a_withdrawal_leaves_nothing_ends(ask: Ask) -> None:
    request = ask()
    before = request.session.session_key
    del request.session["basket"]
    consent_of(request).decide_anew(choice())
    withdraw(request, HttpResponse(), [Purpose.STATISTICS], "/")
    assert not is_stored(before)
    assert request.session.session_key is None


def test_a_session_that_holds_nothing_but_the_mark_of_a_check_ends(ask: Ask, made_up_site: Registry) -> None:
    made_up_site.declare(TEST_COOKIE_KEY)
    request = ask()
    request.session.clear()
    request.session.set_test_cookie()
    before = request.session.session_key
    assert isinstance(request.session, GatedSession)
    erase_from(request.session)
    assert not is_stored(before)
    assert request.session.session_key is None


def test_a_session_that_the_gate_does_not_know_is_left_to_whoever_made_it(ask: Ask) -> None:
    request = ask()
    request.session = SessionStore()
    response = HttpResponse()
    withdraw(request, response, [Purpose.STATISTICS], "/")
    assert CSRF.name in response.cookies, "there is no session for it to stand beside"
    request.session["own"] = 1
    withdraw(request, HttpResponse(), [Purpose.STATISTICS], "/")
    assert request.session["own"] == 1


def test_erasing_from_a_session_that_has_not_begun_begins_none(ask: Ask) -> None:
    request = ask()
    session = gated(SessionStore)()
    introduce(session, request)
    session["basket"] = "book"
    erase_from(session)
    assert session.session_key is None
    assert session["basket"] == "book"
