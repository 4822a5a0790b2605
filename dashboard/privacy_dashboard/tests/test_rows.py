"""The parts of the page are filled in for each visitor; what is kept of them for others holds nothing of theirs."""

import re
from collections.abc import Hashable
from dataclasses import replace
from datetime import timedelta
from html import escape, unescape

import pytest
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from consent_gate.api import CSRF, SESSION, CookieDeclaration, Purpose, Receipt, outlines
from consent_gate.pages.outlines import Outline
from privacy_dashboard.browser_cookies import CookieState
from privacy_dashboard.glance import glance
from privacy_dashboard.holdings import Kind
from privacy_dashboard.lifelines import lifelines
from privacy_dashboard.overview import MOST_DRAWN, overview
from privacy_dashboard.page import DashboardPage
from privacy_dashboard.quantities import in_bytes
from privacy_dashboard.rows import table
from privacy_dashboard.session_panel import SHOWN_OF_THE_FORM, session_panel
from privacy_dashboard.templatetags.privacy_dashboard import attributes

pytestmark = pytest.mark.django_db


class NotedOutlines:
    """Outlines as pages get them, and what was drawn."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

    def __call__(self, template: str, shape: Hashable) -> Outline:
        outline = outlines()(template, shape)
        self.drawn.append(outline.html)
        return outline


def test_nothing_of_a_visitor_is_in_what_is_kept(reader: Client, user: AbstractUser) -> None:
    reader.post("/cookies/choice/", {"answer": "accept"}, headers={"sec-fetch-site": "same-origin"}, follow=True)
    reader.cookies["zebra"] = "striped"
    session = reader.session
    session["read"] = ["aardvark", "long " * 100]
    session.save()
    request = reader.get("/privacy/").wsgi_request
    noted = NotedOutlines()
    page = DashboardPage(overview(request), "cookie:zebra", noted)
    html = "".join((glance(page), table(page), lifelines(page), session_panel(page)))
    own = [user.get_username(), "zebra", "striped", "aardvark", str(Receipt.objects.get().pk)]
    own += [reader.cookies[name].value[:6] for name in (SESSION.name, CSRF.name)]
    own += [session["_auth_user_hash"][:5], session["last_visit"]]
    assert [each for each in own if each not in html] == []
    assert [each for each in own if each in "".join(noted.drawn)] == []


@pytest.mark.parametrize("name", ["stray", "a&b", "a%41b", "a+b", "a#b", "<i>"])
def test_the_link_to_a_whole_value_leads_to_it(client: Client, name: str) -> None:
    sent = {"cookie": f"{name}={'x' * 400}"}
    [link] = re.findall(r'href="(\?reveal=cookie:[^"]*)"', client.get("/privacy/", headers=sent).content.decode())
    page = client.get(f"/privacy/{unescape(link).partition('#')[0]}", headers=sent).content.decode()
    assert f"<code>{'x' * 400}</code>" in page


@pytest.mark.parametrize(("header", "named"), [("stray=1", "stray"), ("=1", "–")])
def test_a_row_is_headed_by_the_name_of_its_cookie(client: Client, header: str, named: str) -> None:
    page = client.get("/privacy/", headers={"cookie": header}).content.decode()
    assert f'<th role="rowheader" scope="row"><code>{named}</code>' in page


def test_a_session_key_stands_out_where_nobody_declared_it(reader: Client) -> None:
    page = reader.get("/privacy/").content.decode()
    assert 'data-name="num_visits" data-state="in order"' in page
    seen = overview(reader.get("/privacy/").wsgi_request)
    assert seen.session
    keys = tuple(replace(key, declaration=None) for key in seen.session.keys)
    undeclared = replace(seen, session=replace(seen.session, keys=keys))
    assert {each.state for each in undeclared.holdings if each.kind is Kind.KEY} == {CookieState.UNDECLARED}
    assert {each.state for each in seen.holdings if each.kind is Kind.KEY} == {CookieState.IN_ORDER}


def test_more_than_a_picture_has_room_for_is_said_in_a_number(client: Client) -> None:
    sent = {"cookie": "; ".join(f"stray{number}=1" for number in range(MOST_DRAWN + 3))}
    seen = overview(client.get("/privacy/", headers=sent).wsgi_request)
    assert len(list(seen.drawn)) == MOST_DRAWN
    assert seen.number_not_drawn == 3
    assert "And 3 more that are not drawn." in client.get("/privacy/", headers=sent).content.decode()


def test_a_session_as_it_is_stored_is_cut_until_its_visitor_asks(reader: Client) -> None:
    stored = Session.objects.get(pk=reader.cookies[SESSION.name].value).session_data
    assert f"<code>{stored[:SHOWN_OF_THE_FORM]}…</code>" in reader.get("/privacy/").content.decode()
    assert f"<code>{stored}</code>" in reader.get("/privacy/", {"reveal": "stored"}).content.decode()


def test_a_cookies_declared_attributes_read_as_in_its_header() -> None:
    cookie = CookieDeclaration(
        name="x",
        purpose=Purpose.STATISTICS,
        reason="r",
        lifetime=timedelta(hours=1),
        domain="library.example",
        secure=True,
    )
    assert attributes(cookie) == "Path=/; SameSite=Lax; Domain=library.example; Max-Age=3600; HttpOnly; Secure"
    bare = CookieDeclaration(name="x", purpose=Purpose.STATISTICS, reason="r", http_only=False, secure=False)
    assert attributes(bare) == "Path=/; SameSite=Lax"


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [("en", 1, "1 byte"), ("en", 999, "999 bytes"), ("en", 1_234, "1,234 bytes"), ("de", 1_234, "1.234 Bytes")],
)
def test_a_number_is_written_as_its_language_writes_it(
    settings: Settings, language: str, number: int, words: str
) -> None:
    settings.USE_THOUSAND_SEPARATOR = True
    with translation.override(language):
        assert in_bytes(number) == words


@pytest.mark.parametrize("value", ["1", "<b>2</b>", "%(value)s", "{{ hole.value }}"])
def test_each_value_is_shown_though_the_row_is_kept(client: Client, value: str) -> None:
    for shown in ("before", value):
        page = client.get("/privacy/?reveal=cookie:stray", headers={"cookie": f"stray={shown}"}).content.decode()
        assert f"<code>{escape(shown)}</code>" in page


def test_a_value_that_was_asked_for_stays_masked_for_the_next(reader: Client) -> None:
    secret = reader.cookies[SESSION.name].value
    for _ in range(2):
        assert secret in reader.get("/privacy/", {"reveal": f"cookie:{SESSION.name}"}).content.decode()
        assert secret not in reader.get("/privacy/").content.decode()
