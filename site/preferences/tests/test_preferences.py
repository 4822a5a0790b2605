"""Theme, language and notice: remembered for whoever allows it, and refused with an explanation to everybody else."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from consent_gate.api import Purpose, registry
from preferences.cookies import DISMISSED_NOTICE, THEME
from preferences.options import CookieSetting, Theme, notice_is_put_away, setting_from, theme_of

pytestmark = pytest.mark.django_db

[LANGUAGE] = [each for each in registry.cookies if each.name == settings.LANGUAGE_COOKIE_NAME]


@pytest.fixture
def allowing(client: Client, grant: Callable[..., None]) -> Client:
    """The browser of somebody who allows preferences."""
    grant(client, Purpose.PREFERENCES)
    return client


@given(st.dictionaries(st.text(), st.text()))
def test_only_what_is_on_offer_can_be_set(form: dict[str, str]) -> None:
    setting = setting_from(form, language=LANGUAGE, languages=["en", "de"])
    assert setting is None or {"theme", "language", "notice"} & set(form)
    assert theme_of(form) in Theme
    assert notice_is_put_away({}) is False


@pytest.mark.parametrize(
    ("form", "setting"),
    [
        ({"theme": "dark"}, CookieSetting(THEME, "dark")),
        ({"theme": "light"}, CookieSetting(THEME, "light")),
        ({"theme": "device"}, CookieSetting(THEME, None)),
        ({"theme": "pink"}, None),
        ({"notice": "dismiss"}, CookieSetting(DISMISSED_NOTICE, "1")),
        ({"notice": "show"}, CookieSetting(DISMISSED_NOTICE, None)),
        ({"language": "en"}, CookieSetting(LANGUAGE, "en")),
        ({"language": "browser"}, CookieSetting(LANGUAGE, None)),
        ({"language": "xx"}, None),
        ({}, None),
    ],
)
def test_a_form_says_which_cookie_gets_which_value(form: dict[str, str], setting: CookieSetting | None) -> None:
    assert setting_from(form, language=LANGUAGE, languages=["en"]) == setting


def test_a_chosen_theme_is_remembered_and_can_be_given_up(allowing: Client) -> None:
    assert 'data-theme="dark"' not in allowing.get("/about/").content.decode()
    response = allowing.post("/preferences/save/", {"theme": "dark", "next": "/about/"})
    assert response.headers["Location"] == "/about/"
    assert response.cookies["theme"]["max-age"] == 180 * 86_400
    page = allowing.get("/about/").content.decode()
    assert 'data-theme="dark"' in page
    assert '<meta name="color-scheme" content="dark">' in page
    allowing.post("/preferences/save/", {"theme": "device"})
    page = allowing.get("/about/").content.decode()
    assert "data-theme" not in page
    assert '<meta name="color-scheme" content="light dark">' in page


def test_a_dismissed_notice_stays_away_until_it_is_called_back(allowing: Client) -> None:
    assert 'data-testid="notice"' in allowing.get("/").content.decode()
    allowing.post("/preferences/save/", {"notice": "dismiss", "next": "/"})
    assert 'data-testid="notice"' not in allowing.get("/").content.decode()
    allowing.post("/preferences/save/", {"notice": "show"})
    assert 'data-testid="notice"' in allowing.get("/").content.decode()


def test_a_chosen_language_outranks_what_the_browser_asks_for(allowing: Client) -> None:
    for code, _name in settings.LANGUAGES:
        allowing.post("/preferences/save/", {"language": code})
        page = allowing.get("/about/", headers={"accept-language": "fr, en;q=0.5"}).content.decode()
        assert f'<html lang="{code}"' in page


def test_a_chosen_language_can_be_given_up_for_what_the_browser_asks_for(allowing: Client) -> None:
    allowing.post("/preferences/save/", {"language": "de"})
    assert 'value="de" checked' in allowing.get("/preferences/").content.decode()
    allowing.post("/preferences/save/", {"language": "browser"})
    page = allowing.get("/preferences/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in page
    assert 'value="browser" checked' in page


@pytest.mark.parametrize("form", [{"theme": "dark"}, {"notice": "dismiss"}, {"language": "en"}])
def test_without_consent_nothing_is_stored_and_the_page_says_why(client: Client, form: dict[str, str]) -> None:
    response = client.post("/preferences/save/", form)
    page = response.content.decode()
    assert response.status_code == 200
    assert not response.cookies
    assert "You have not allowed cookies for preferences, so nothing was stored" in page
    assert "for 180 days" in page
    assert 'href="/cookies/?next=/preferences/#preferences"' in page


def test_a_form_that_nobody_here_made_is_answered_with_a_sentence(client: Client) -> None:
    response = client.post("/preferences/save/", {"theme": "<script>"})
    assert response.status_code == 400
    assert "There is no such setting" in response.content.decode()


def test_setting_something_leads_back_to_the_page_that_linked_here(allowing: Client) -> None:
    assert 'href="/preferences/?next=%2Fbooks%2F"' in allowing.get("/books/?q=war").content.decode()
    page = allowing.get("/preferences/?next=%2Fbooks%2F").content.decode()
    assert page.count('<input type="hidden" name="next" value="/books/">') == 3  # one in each form
    assert 'href="/preferences/"' in page
    assert allowing.post("/preferences/save/", {"theme": "dark", "next": "/books/"}).headers["Location"] == "/books/"


def test_without_consent_the_page_leads_back_to_where_one_was(client: Client) -> None:
    page = client.post("/preferences/save/", {"theme": "dark", "next": "/books/"}).content.decode()
    assert 'href="/books/">Go on without</a>' in page
    assert 'href="/preferences/">Preferences</a>' in page


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_setting_something_leads_to_no_other_site(allowing: Client, address: str) -> None:
    response = allowing.post("/preferences/save/", {"theme": "dark", "next": address})
    assert response.headers["Location"] == "/preferences/"


def test_a_forged_theme_counts_for_nothing(allowing: Client) -> None:
    allowing.cookies["theme"] = '"><script>'
    assert "<script>" not in allowing.get("/about/").content.decode()
