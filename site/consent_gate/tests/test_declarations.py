"""Everything the site stores is declared, and is sent as it is declared."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from http.cookies import Morsel
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse
from django.test import Client

from consent_gate.declarations.declaration import CookieDeclaration, Registry, SessionKeyDeclaration, registry
from consent_gate.declarations.description import described
from consent_gate.declarations.fingerprints import fingerprint_of
from consent_gate.declarations.purposes import OPTIONAL_PURPOSES, Purpose

BROWSERS_CAP = timedelta(days=400)
COUNTER = CookieDeclaration(
    name="counter", purpose=Purpose.STATISTICS, reason="Counts.", lifetime=timedelta(days=1), secure=True
)


def test_the_frameworks_cookies_are_declared_with_the_settings_own_values() -> None:
    declared = registry.cookies.find(settings.SESSION_COOKIE_NAME)
    assert declared is not None
    assert declared.lifetime == timedelta(seconds=settings.LONGEST_SESSION)
    assert declared.http_only is settings.SESSION_COOKIE_HTTPONLY
    assert registry.cookies.find(settings.CSRF_COOKIE_NAME) is not None
    assert registry.session_keys.find(SessionBase.TEST_COOKIE_NAME) is not None


def test_no_name_is_declared_twice() -> None:
    for names in ([each.name for each in registry.cookies], [each.name for each in registry.session_keys]):
        assert len(names) == len(set(names))


def test_what_is_necessary_says_on_what_ground_and_nothing_else_does() -> None:
    for declaration in (*registry.cookies, *registry.session_keys):
        assert bool(declaration.ground) == (declaration.purpose is Purpose.NECESSARY), declaration.name


def test_no_cookie_is_declared_to_live_longer_than_browsers_let_it() -> None:
    for cookie in registry.cookies:
        assert cookie.lifetime is None or cookie.lifetime <= BROWSERS_CAP, cookie.name


@pytest.mark.django_db
def test_a_walk_through_the_site_stores_nothing_undeclared(client: Client, grant: Callable[..., None]) -> None:
    grant(client, *OPTIONAL_PURPOSES)
    get_user_model().objects.create_user(username="reader", password="correct horse battery")
    cookies: dict[str, Morsel[str]] = {}
    for address in (
        "/",
        "/about/",
        "/books/?per_page=10",
        "/cookie-check/",
        "/accounts/register/",
        "/accounts/sign-in/",
        "/cookies/",
        "/cookies.json",
    ):
        cookies |= client.get(address).cookies
    cookies |= client.post("/cookie-check/start/").cookies
    sign_in = {"username": "reader", "password": "correct horse battery", "remember_me": "on"}
    cookies |= client.post("/accounts/sign-in/", sign_in).cookies
    for key in client.session.keys():  # noqa: SIM118 (a session is not iterable)
        assert registry.session_keys.find(key) is not None, key
    cookies |= client.post("/accounts/sign-out/").cookies
    assert set(cookies) == {"__Host-sessionid", "__Host-csrftoken", "visits", "last_visit", "page_size", "messages"}
    for name, sent in cookies.items():
        declared = registry.cookies.find(name)
        assert declared is not None, name
        if sent.value:
            assert bool(sent["httponly"]) is declared.http_only, name
            assert bool(sent["secure"]) is declared.secure, name
            assert sent["samesite"] == declared.same_site, name
            assert sent["path"] == declared.path, name


def test_a_cookie_is_sent_with_its_declared_attributes() -> None:
    response = HttpResponse()
    CookieDeclaration(name="x", purpose=Purpose.STATISTICS, reason="r", lifetime=timedelta(hours=1), secure=True).send(
        response, "1"
    )
    sent = response.cookies["x"].OutputString()
    assert sent.startswith("x=1;")
    assert all(part in sent for part in ("HttpOnly", "Max-Age=3600", "Path=/", "SameSite=Lax", "Secure"))


def test_a_pattern_declares_a_family_of_names_and_no_more() -> None:
    some = Registry()
    some.declare(SessionKeyDeclaration(name="_auth_user_*", purpose=Purpose.NECESSARY, reason="r", ground="g"))
    assert some.session_keys.find("_auth_user_id") is not None
    assert some.session_keys.find("x_auth_user_id") is None
    assert some.cookies.find("_auth_user_id") is None


@pytest.mark.parametrize(
    "change",
    [
        {"name": "counter2"},
        {"reason": "Counts more."},
        {"lifetime": timedelta(days=2)},
        {"lifetime": None},
        {"set_by": "somebody else"},
        {"shared_with": "an advertiser"},
    ],
    ids=["name", "reason", "longer", "until close", "set by", "shared with"],
)
def test_a_yes_was_given_to_each_thing_that_a_visitor_is_told(change: dict[str, Any]) -> None:
    changed = replace(COUNTER, **change)
    assert fingerprint_of((changed,)) != fingerprint_of((COUNTER,))
    assert described(changed) != described(COUNTER)
