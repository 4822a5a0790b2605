"""Preferences that are remembered in cookies, for whoever allows it (purpose *preferences*)."""

import pytest
from playwright.sync_api import expect

from library_suite.cookie_names import CHOICE
from library_suite.fixtures import NewcomerFactory
from library_suite.visitor import Visitor

PAPER = "getComputedStyle(document.documentElement).backgroundColor"


def choose(visitor: Visitor, label: str, button: str) -> None:
    """Tick one option on the preferences page and send its form."""
    visitor.open("/preferences/")
    visitor.page.get_by_label(label).check()
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=button).click()


@pytest.mark.promise("P1")
@pytest.mark.parametrize("dark_device", [False, True])
def test_a_chosen_theme_outranks_the_device_and_is_kept(newcomer: NewcomerFactory, *, dark_device: bool) -> None:
    visitor = newcomer(dark=dark_device)
    visitor.open("/about/")
    before = visitor.page.evaluate(PAPER)
    choose(visitor, "Light" if dark_device else "Dark", "Set the colours")
    visitor.open("/about/")
    chosen = visitor.page.evaluate(PAPER)
    assert chosen != before
    assert visitor.jar()["theme"].value == ("light" if dark_device else "dark")
    choose(visitor, "As the device is set", "Set the colours")
    visitor.open("/about/")
    assert visitor.page.evaluate(PAPER) == before
    assert "theme" not in visitor.jar()


@pytest.mark.promise("P1")
def test_a_chosen_language_is_kept(visitor: Visitor) -> None:
    choose(visitor, "Deutsch", "Set the language")
    expect(visitor.page.get_by_role("heading", level=1, name="Einstellungen")).to_be_visible()
    visitor.open("/books/")
    assert visitor.page.evaluate("document.documentElement.lang") == "de"
    assert visitor.jar()["django_language"].expires is not None


@pytest.mark.promise("P1")
def test_a_notice_that_was_put_away_stays_away(visitor: Visitor) -> None:
    visitor.open()
    visitor.page.get_by_role("button", name="Don't show this again").click()
    expect(visitor.page.get_by_test_id("notice")).to_have_count(0)
    visitor.open()
    assert visitor.page.get_by_test_id("notice").count() == 0


@pytest.mark.promise("P2")
def test_without_consent_a_preference_is_refused_in_words_and_nothing_is_stored(stranger: Visitor) -> None:
    choose(stranger, "Dark", "Set the colours")
    expect(stranger.page.get_by_role("alert")).to_contain_text("You have not allowed cookies for preferences")
    assert stranger.jar() == {}
    stranger.page.get_by_role("link", name="Read what it is for, and choose").click()
    stranger.page.get_by_test_id("preferences-answer").get_by_label("Yes").check()
    stranger.page.get_by_role("button", name="Save my answers").click()
    expect(stranger.page.get_by_role("heading", level=1, name="Preferences")).to_be_visible()
    choose(stranger, "Dark", "Set the colours")
    assert set(stranger.jar()) == {CHOICE, "theme"}


@pytest.mark.promise("P3")
def test_withdrawing_makes_the_site_forget_how_it_should_look(visitor: Visitor) -> None:
    choose(visitor, "Dark", "Set the colours")
    visitor.page.get_by_role("button", name="Withdraw my consent").click()
    expect(visitor.page.get_by_test_id("choice-kept")).to_be_visible()
    assert set(visitor.jar()) == {CHOICE}
    assert visitor.page.evaluate("document.documentElement.dataset.theme ?? ''") == ""


@pytest.mark.promise("P4")
def test_what_was_looked_at_is_listed_for_whoever_allows_it_and_for_nobody_else(
    visitor: Visitor, stranger: Visitor
) -> None:
    for each in (visitor, stranger):
        each.open("/books/1/")
        title = each.page.get_by_role("heading", level=1).inner_text()
        each.open()
    expect(visitor.page.get_by_test_id("recently-viewed").get_by_role("link")).to_have_count(1)
    assert title.startswith(visitor.page.get_by_test_id("recently-viewed").get_by_role("link").inner_text())
    assert visitor.page.get_by_test_id("suggestions").get_by_role("link").count() == 5
    assert stranger.page.get_by_test_id("reading").count() == 0
