"""The dashboard's page: everything true, nothing reflected, nobody else's."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.test import Client

from consent_gate.api import CHOICE, CSRF, SESSION, Purpose
from privacy_dashboard.tests.conftest import EACH_ENGINE

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str = "/privacy/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def names_in(page: str, kind: str) -> list[str]:
    """The names of what a page lists: cookies or session keys."""
    return re.findall(rf'data-testid="{kind}" data-name="([^"]*)"', page)


def test_somebody_who_was_never_here_sees_an_honest_empty_page(client: Client) -> None:
    response = client.get("/privacy/")
    page = response.content.decode()
    assert 'data-testid="no-cookies"' in page
    assert 'data-testid="no-session"' in page
    assert names_in(page, "cookie") == names_in(page, "key") == []
    assert not response.cookies


def test_every_cookie_that_came_is_listed_also_those_that_views_do_not_see(
    client: Client, grant: Callable[..., None]
) -> None:
    grant(client, Purpose.PREFERENCES)
    client.cookies["visits"] = "1"
    client.cookies["stray"] = "2"
    response = client.get("/privacy/")
    page = response.content.decode()
    assert names_in(page, "cookie") == [CHOICE.name, "visits", "stray"]
    assert 'data-name="visits" data-state="not consented"' in page
    assert any(morsel.key == "visits" and morsel["max-age"] == "0" for morsel in response.cookies.values())
    assert 'data-name="stray" data-state="undeclared"' in page


@EACH_ENGINE
def test_every_key_of_the_session_is_listed(visitor: Client, engine: str) -> None:
    page = text_of(visitor)
    assert set(names_in(page, "key")) == set(visitor.session.keys()) != set()
    assert f"<code>{engine}</code>" in page


def test_the_page_says_who_is_signed_in_and_until_when(reader: Client, user: AbstractUser) -> None:
    page = text_of(reader)
    assert f"You are signed in as {user.get_username()}." in page
    assert re.search(r'data-testid="session-ends">[^<]*\d', page)


def test_the_page_names_each_place_where_scripts_may_keep_something(client: Client) -> None:
    stores = re.findall(r'data-store="([^"]*)"', text_of(client))
    assert stores == [
        "document.cookie", "cookieStore", "localStorage", "sessionStorage", "IndexedDB", "CacheStorage",
    ]  # fmt: skip


def test_a_password_manager_fills_in_the_password_of_whoever_leaves(reader: Client) -> None:
    assert re.search(
        r'type="password"[^>]*autocomplete="current-password"', text_of(reader, "/privacy/account/delete/")
    )


def test_nobody_is_said_to_be_signed_in_who_is_not(visitor: Client) -> None:
    assert "You are signed in" not in text_of(visitor)


def test_a_session_key_stands_with_what_else_is_kept_for_its_purpose(visitor: Client) -> None:
    assert re.search(r'id="held-statistics-\d+"[^>]*data-testid="key" data-name="num_visits"', text_of(visitor))


def test_a_receipt_shows_each_answer(visitor: Client) -> None:
    visitor.post("/cookies/choice/", {"answer": "refuse"}, headers={"sec-fetch-site": "same-origin"}, follow=True)
    assert "<code>preferences: no</code>, <code>statistics: no</code>" in text_of(visitor)


def test_secrets_are_masked_until_their_visitor_asks(reader: Client) -> None:
    secrets = [reader.cookies[SESSION.name].value, reader.session["_auth_user_hash"]]
    page = text_of(reader)
    assert not any(secret in page for secret in secrets)
    assert secrets[0][:6] in page
    assert secrets[0] in text_of(reader, "/privacy/?reveal=cookie:sessionid")
    assert secrets[1] in text_of(reader, "/privacy/?reveal=key:_auth_user_hash")
    assert Session.objects.get(pk=secrets[0]).session_data in text_of(reader, "/privacy/?reveal=stored")


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x>', "{{ settings.SECRET_KEY }}", "' --"])
def test_no_value_is_reflected_unescaped(client: Client, hostile: str) -> None:
    header = f"stray={hostile}; {hostile}=1; {CHOICE.name}={hostile}"
    page = client.get("/privacy/", {"reveal": "cookie:stray", "done": hostile}, headers={"cookie": header}).content
    assert b"<script>alert" not in page
    assert b"<img" not in page
    Balanced().feed(page.decode())


class Balanced(HTMLParser):
    """Fails for an element that an injected quote has opened."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "img"
        assert all(re.fullmatch(r"[a-z0-9:_-]+", name, re.IGNORECASE) for name, _value in attrs), attrs


@pytest.mark.parametrize(
    "header",
    [
        "\u00ff\u00fe=\u00ff",
        "a=1; a=2; a=3",
        f"big={'x' * 9_000}",
        "; ;=;=;",
        "sessionid=",
        f"sessionid={'a' * 5_000}",
        "sessionid=../../etc/passwd",
        "sessionid=\u00ff\u00fe",
        f"{CHOICE.name}=v1.broken",
    ],
)
@EACH_ENGINE
def test_any_cookie_header_is_listed_and_not_crashed_on(client: Client, header: str, engine: str) -> None:
    page = client.get("/privacy/", headers={"cookie": header})
    assert page.status_code == 200
    assert b'data-testid="cookie"' in page.content


def test_the_page_is_never_kept_and_never_framed(reader: Client) -> None:
    for address in ("/privacy/", "/privacy/account/delete/"):
        response = reader.get(address)
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["X-Frame-Options"] == "DENY"


def test_an_account_is_shown_with_all_that_belongs_to_it_and_no_password(reader: Client, user: AbstractUser) -> None:
    page = text_of(reader)
    assert 'data-testid="user"' in page
    assert user.password not in page
    assert "kept as a hash only" in page


def test_nobody_sees_anything_of_somebody_else(reader: Client, user: AbstractUser) -> None:
    other = Client()
    other.force_login(get_user_model().objects.create_user("somebody-else"))
    for address in ("/privacy/", "/privacy/?reveal=cookie:sessionid", f"/privacy/?account={user.pk}"):
        page = text_of(other, address)
        assert "somebody-else" in page
        assert user.get_username() not in page
        assert reader.cookies[SESSION.name].value not in page


def test_a_guessed_or_ended_session_id_shows_nothing(visitor: Client) -> None:
    ended = visitor.cookies[SESSION.name].value
    visitor.session.delete()
    for key in (ended, "0" * 32, "abcdefghijklmnopqrstuvwxyz012345"):
        thief = Client()
        thief.cookies[SESSION.name] = key
        page = text_of(thief)
        assert 'data-testid="no-session"' in page
        assert names_in(page, "key") == []


def test_a_damaged_session_is_named_as_such(visitor: Client) -> None:
    Session.objects.update(session_data="damaged")
    page = text_of(visitor)
    assert 'data-testid="corrupt"' in page
    assert names_in(page, "key") == []


def test_a_form_of_another_site_changes_nothing(visitor: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.cookies
    cross_site = {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}
    for action in (
        "cookies/delete/",
        "session/erase/",
        "session/end/",
        "receipt/erase/",
        "export/",
        "erase/",
    ):
        response = strict.post(f"/privacy/{action}", {"purpose": "statistics"}, headers=cross_site)
        assert response.status_code == 403, action
    assert "num_visits" in visitor.session
    assert CSRF.name in visitor.cookies
