"""A request that may come without the cookie of a session that exists begins none in its place."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from consent_gate.cookies import CSRF, SESSION
from consent_gate.headers.same_site import SameSite, may_be_withheld
from consent_gate.tests.made_up import EVERYTHING

LINK = ("GET", "navigate", "document")
FORM = ("POST", "navigate", "document")
FRAME = ("GET", "navigate", "iframe")
IMAGE = ("GET", "no-cors", "image")
SCRIPT = ("POST", "cors", "empty")


@pytest.mark.parametrize(
    ("same_site", "fetch_site", "request_", "withheld"),
    [
        ("Strict", "cross-site", LINK, True),
        ("Strict", "cross-site", FORM, True),
        ("Strict", "cross-site", FRAME, True),
        ("Strict", "cross-site", IMAGE, True),
        ("Strict", "same-site", LINK, False),
        ("Strict", "same-origin", FORM, False),
        ("Strict", "none", LINK, False),
        ("Strict", None, LINK, False),
        ("Lax", "cross-site", LINK, False),
        ("Lax", "cross-site", ("HEAD", "navigate", "document"), False),
        ("Lax", "cross-site", ("OPTIONS", "navigate", "document"), False),
        ("Lax", "cross-site", ("TRACE", "navigate", "document"), False),
        ("Lax", "cross-site", FORM, True),
        ("Lax", "cross-site", FRAME, True),
        *(
            ("Lax", "cross-site", ("GET", "navigate", each), True)
            for each in ("frame", "embed", "object", "fencedframe")
        ),
        ("Lax", "cross-site", IMAGE, True),
        ("Lax", "cross-site", SCRIPT, True),
        ("Lax", "cross-site", ("GET", None, None), True),
        ("Lax", "same-site", FORM, False),
        ("Lax", "same-origin", SCRIPT, False),
        ("Lax", "none", LINK, False),
        ("Lax", None, FORM, False),
        (False, "cross-site", FORM, True),
        (False, "cross-site", LINK, False),
        (None, "cross-site", FORM, True),
        ("None", "cross-site", LINK, False),
        ("None", "cross-site", FORM, False),
        ("None", "cross-site", IMAGE, False),
    ],
)
def test_the_headers_tell_whether_a_browser_may_keep_the_cookie_back(
    same_site: SameSite, fetch_site: str | None, request_: tuple[str, str | None, str | None], *, withheld: bool
) -> None:
    method, mode, dest = request_
    answer = may_be_withheld(same_site, method=method, fetch_site=fetch_site, fetch_mode=mode, fetch_dest=dest)
    assert answer is withheld


CROSS_SITE_LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
made_up = pytest.mark.usefixtures("made_up_site", "engine")


@pytest.fixture
def strict(settings: Settings) -> Settings:
    settings.SESSION_COOKIE_SAMESITE = "Strict"
    settings.SESSION_SAVE_EVERY_REQUEST = True
    return settings


def visitor() -> Client:
    client = Client()
    client.cookies.load(EVERYTHING)
    return client


@made_up
@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("address", ["keeps", "keeps-and-saves", "form-and-count", "renews"])
def test_nothing_begins_where_a_strict_cookie_may_have_stayed_behind(address: str) -> None:
    client = visitor()
    response = client.get(f"/{address}/?basket=book&used=1", headers=CROSS_SITE_LINK)
    assert not response.cookies
    assert not Session.objects.exists()


@made_up
@pytest.mark.django_db
def test_nothing_begins_with_a_form_of_another_site_which_leaves_a_lax_cookie_behind() -> None:
    assert not visitor().post("/keeps/?basket=book", headers=CROSS_SITE_LINK).cookies


@made_up
@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_what_a_view_keeps_can_be_read_back_although_no_session_begins() -> None:
    assert visitor().get("/keeps-and-saves/?count=1", headers=CROSS_SITE_LINK).content == b"{}"
    assert b"count" in visitor().get("/keeps-and-reads/?count=1", headers=CROSS_SITE_LINK).content


@made_up
@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_a_session_whose_cookie_came_is_kept_as_ever() -> None:
    client = visitor()
    client.post("/keeps/?basket=book")
    client.get("/form/")
    assert {SESSION.name, CSRF.name} <= set(client.cookies)
    client.get("/keeps/?count=2", headers=CROSS_SITE_LINK)
    assert dict(client.session.items()) == {"basket": "book", "count": "2"}
