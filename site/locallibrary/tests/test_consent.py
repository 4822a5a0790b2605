"""What this site declares, and the gate on its own pages."""

from collections.abc import Callable
from datetime import timedelta
from http.cookies import Morsel

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from consent_gate.api import OPTIONAL_PURPOSES, SESSION, Purpose, registry
from consent_gate.testing import give_stale_choice

BROWSERS_CAP = timedelta(days=400)
FROM_HERE = {"sec-fetch-site": "same-origin"}

pytestmark = pytest.mark.django_db


def test_the_gate_has_nothing_to_complain_about() -> None:
    call_command("check", tags=["consent_gate"], fail_level="WARNING")


def test_the_sessions_cookie_is_declared_for_the_longest_sign_in() -> None:
    declared = registry.cookies.find(SESSION.name)
    assert declared is not None
    assert declared.lifetime == timedelta(seconds=settings.REMEMBER_ME_AGE)


def test_no_name_is_declared_twice() -> None:
    for names in ([each.name for each in registry.cookies], [each.name for each in registry.session_keys]):
        assert len(names) == len(set(names))


def test_what_is_necessary_says_on_what_ground_and_nothing_else_does() -> None:
    for declaration in (*registry.cookies, *registry.session_keys):
        assert bool(declaration.ground) == (declaration.purpose is Purpose.NECESSARY), declaration.name


def test_no_cookie_is_declared_to_live_longer_than_browsers_let_it() -> None:
    for cookie in registry.cookies:
        assert cookie.lifetime is None or cookie.lifetime <= BROWSERS_CAP, cookie.name


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
    assert set(cookies) >= {"__Host-sessionid", "__Host-csrftoken", "visits", "last_visit", "page_size", "messages"}
    for name, sent in cookies.items():
        declared = registry.cookies.find(name)
        assert declared is not None, name
        if sent.value:
            assert bool(sent["httponly"]) is declared.http_only, name
            assert bool(sent["secure"]) is declared.secure, name
            assert sent["samesite"] == declared.same_site, name
            assert sent["path"] == declared.path, name


def test_withdrawal_is_offered_on_every_page_of_whoever_consented_and_to_nobody_else(
    client: Client, grant: Callable[..., None]
) -> None:
    assert "Withdraw my consent" not in client.get("/about/").content.decode()
    grant(client, Purpose.STATISTICS)
    assert "Withdraw my consent" in client.get("/about/").content.decode()
    assert "Withdraw my consent" in client.get("/about/", headers={"sec-gpc": "1"}).content.decode()


def test_withdrawal_is_offered_beside_a_banner_that_asks_again(client: Client) -> None:
    give_stale_choice(client, Purpose.STATISTICS, Purpose.PREFERENCES)
    assert "Withdraw my consent" in client.get("/about/").content.decode()


def test_a_query_that_is_refused_is_refused_on_a_page_with_a_banner(client: Client) -> None:
    response = client.get("/books/?" + "a=b&" * 2000 + "cookie-choice=kept")
    assert response.status_code == 400
    assert 'data-testid="cookie-banner"' in response.content.decode()


def test_an_answer_on_a_page_that_answers_a_form_leads_to_a_page_that_can_be_opened(
    client: Client, grant: Callable[..., None]
) -> None:
    page = client.post("/preferences/save/", {"theme": "dark"}).content.decode()
    assert 'name="next" value="/cookies/"' in page
    grant(client, Purpose.STATISTICS)
    page = client.post("/preferences/save/", {"theme": "dark"}).content.decode()
    assert 'name="next" value="/cookies/"' in page
    assert 'href="/preferences/"' in page


def test_every_page_begins_with_the_banner_until_it_is_answered(client: Client) -> None:
    for address in ("/", "/about/", "/books/", "/nothing-here/", "/accounts/sign-in/"):
        page = client.get(address).content.decode()
        assert page.index('data-testid="cookie-banner"') < page.index('class="skip-link"'), address
    client.post("/cookies/choice/", {"answer": "refuse", "place": "banner"}, headers=FROM_HERE, follow=True)
    assert 'data-testid="cookie-banner"' not in client.get("/about/").content.decode()


def test_withdrawing_erases_what_this_site_kept_on_both_sides(client: Client, grant: Callable[..., None]) -> None:
    grant(client, *OPTIONAL_PURPOSES)
    client.get("/")
    assert "num_visits" in client.session
    response = client.post("/cookies/choice/", {"answer": "refuse", "next": "/books/1/"}, headers=FROM_HERE)
    deleted = {(cookie.key, cookie["path"]) for cookie in response.cookies.values() if cookie["max-age"] in ("0", 0)}
    for name in ("visits", "last_visit"):
        assert {(name, "/"), (name, "/books"), (name, "/books/"), (name, "/books/1/")} <= deleted
    assert {("page_size", "/"), ("__Host-sessionid", "/")} <= deleted
