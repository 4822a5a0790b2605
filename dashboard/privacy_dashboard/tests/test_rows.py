"""The parts of the page are filled in for each visitor; what is kept of them for others holds nothing of theirs."""

from collections.abc import Hashable
from html import escape

import pytest
from django.contrib.auth.models import AbstractUser
from django.test import Client

from consent_gate.api import CSRF, SESSION, Receipt, outlines
from consent_gate.pages.outlines import Outline
from privacy_dashboard.glance import glance
from privacy_dashboard.lifelines import lifelines
from privacy_dashboard.overview import overview
from privacy_dashboard.page import DashboardPage
from privacy_dashboard.rows import table
from privacy_dashboard.session_panel import session_panel

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
