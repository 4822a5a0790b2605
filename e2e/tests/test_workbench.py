"""The session workbench: what a person does to their session there, and what is then in the jar and on the server."""

import time

import pytest
from playwright.sync_api import expect

from cookie_harness import EchoSite
from library_suite.accessibility import violations
from library_suite.cookie_names import SESSION
from library_suite.fixtures import BrowserAt, NewcomerFactory, SharedSite
from library_suite.site import LibrarySite, Site
from library_suite.visitor import Visitor

A_MINUTE = 60
TWO_WEEKS = 1_209_600


def press(visitor: Visitor, button: str) -> None:
    """Press a button of the page that is open, by keyboard, and wait for the page with its result."""
    visitor.page.get_by_role("button", name=button, exact=True).focus()
    # Without waiting for "visible": without scripts Firefox never reports an element as stable.
    with visitor.page.expect_navigation(url="**/privacy/workbench/?result=*"):
        visitor.page.keyboard.press("Enter")


def told(visitor: Visitor, what: str) -> str:
    """One part of the result that the page shows."""
    return visitor.page.get_by_test_id("result").get_by_test_id(what).inner_text()


def became(visitor: Visitor) -> str | None:
    """What the page says became of `my_car`."""
    return visitor.page.get_by_test_id("afterwards").get_attribute("data-afterwards")


def car(visitor: Visitor) -> str:
    """What a request of its own, without a result, finds under `my_car`."""
    visitor.open("/privacy/workbench/")
    return visitor.page.get_by_test_id("value-of-my_car").inner_text()


@pytest.mark.promise("W1")
@pytest.mark.parametrize("every_request", ["false", "true"])
def test_a_change_inside_a_value_is_lost_unless_marked_or_saved_every_request(
    library_with: SharedSite, newcomer: NewcomerFactory, every_request: str
) -> None:
    """Before any answer to the banner, and without scripts."""
    stranger = newcomer(library_with(SESSION_SAVE_EVERY_REQUEST=every_request), consents=False, javascript=False)
    stranger.open("/privacy/workbench/")
    assert stranger.jar() == {}, "opening the page stores nothing"
    press(stranger, "Read it")
    assert told(stranger, "raised") == "KeyError: 'my_car'"
    assert stranger.jar() == {}
    # Typed, not filled in: that would wait for "visible" too.
    stranger.page.get_by_label("Maker").focus()
    stranger.page.keyboard.press("ControlOrMeta+a")
    stranger.page.keyboard.type("Saab")
    press(stranger, "Set it")
    assert told(stranger, "line") == 'request.session["my_car"] = {"maker": "Saab", "wheels": "steel"}'
    assert f"Set-Cookie: {SESSION}={stranger.session_id()[:6]}…;" in told(stranger, "set-cookie")
    assert "HttpOnly" in told(stranger, "set-cookie")

    press(stranger, "Change the wheels, and say nothing")
    saved = every_request == "true"
    assert became(stranger) == ("kept" if saved else "lost")
    assert (f"Set-Cookie: {SESSION}" in told(stranger, "set-cookie")) is saved
    assert f"is {'on' if saved else 'off'} here" in stranger.page.get_by_test_id("save-every-request").inner_text()
    assert car(stranger) == f"{{'maker': 'Saab', 'wheels': '{'alloy' if saved else 'steel'}'}}"

    press(stranger, "Set it")
    press(stranger, "Change the wheels, and say so")
    assert became(stranger) == "kept"
    assert f"Set-Cookie: {SESSION}" in told(stranger, "set-cookie")
    assert stranger.page.locator(":focus").get_attribute("id") == "result", "the keyboard goes on at the result"
    assert car(stranger) == "{'maker': 'mini', 'wheels': 'alloy'}"
    press(stranger, "Delete it")
    press(stranger, "Ask whether it is there")
    assert told(stranger, "value") == "False"


@pytest.mark.promise("W2")
def test_the_end_that_one_chooses_is_the_one_in_the_jar_and_the_close_proves_it(
    browser_at: BrowserAt, library: Site
) -> None:
    browser = browser_at(library, consents=False)
    visitor = browser.visitor
    visitor.open("/privacy/workbench/")
    press(visitor, "Set it")
    press(visitor, "End it with the browser")
    assert "Max-Age" not in told(visitor, "set-cookie")
    assert visitor.jar()[SESSION].expires is None
    press(visitor, "End it in two weeks")
    assert f"Max-Age={TWO_WEEKS};" in told(visitor, "set-cookie")
    assert visitor.jar()[SESSION].expires == pytest.approx(time.time() + TWO_WEEKS, abs=A_MINUTE)

    visitor = browser.reopen()
    assert car(visitor) == "{'maker': 'mini', 'wheels': 'steel'}"
    press(visitor, "End it with the browser")
    visitor = browser.reopen()
    assert visitor.jar() == {}
    visitor.open("/privacy/workbench/")
    expect(visitor.page.get_by_test_id("session")).to_have_attribute("data-exists", "no")


@pytest.mark.promise("W2")
def test_five_seconds_after_it_was_saved_the_session_is_over(stranger: Visitor, echo_site: EchoSite) -> None:
    stranger.open("/privacy/workbench/")
    press(stranger, "Set it")
    press(stranger, "End it in five seconds")
    assert "Max-Age=5;" in told(stranger, "set-cookie")
    past_its_end = time.time() + 5 + 1  # the cookie is here already; Firefox may send one for a second longer

    def there() -> bool:
        # Asked of another server under the same host name, so that the library's clock does not end it first.
        stranger.page.goto(echo_site.received_url)
        sent = f"{SESSION}=" in echo_site.last_cookie_header
        # A deployed site has another name: there the cookie is not seen on the wire.
        return sent or SESSION in stranger.jar() or time.time() < past_its_end

    deadline = time.monotonic() + A_MINUTE
    while there():
        assert time.monotonic() < deadline
    stranger.open("/privacy/workbench/")
    expect(stranger.page.get_by_test_id("session")).to_have_attribute("data-exists", "no")


@pytest.mark.promise("W3")
def test_rotating_changes_the_id_and_keeps_the_data_and_flushing_leaves_nothing(
    visitor: Visitor, library_inside: LibrarySite
) -> None:
    visitor.open("/privacy/workbench/")
    press(visitor, "Set it")
    before = visitor.session_id()
    assert visitor.page.get_by_test_id("session-id").inner_text() == f"{before[:6]}…"
    press(visitor, "Change the id, keep the data")
    after = visitor.session_id()
    assert after != before
    assert told(visitor, "id-change") == f"{before[:6]}… → {after[:6]}…"
    assert [library_inside.holds_session(key) for key in (before, after)] == [False, True]
    assert car(visitor) == "{'maker': 'mini', 'wheels': 'steel'}"
    assert violations(visitor.page) == []
    press(visitor, "End the session")
    assert f'{SESSION}=""' in told(visitor, "set-cookie")
    assert SESSION not in visitor.jar()
    assert not library_inside.holds_session(after)
    assert violations(visitor.page) == []


@pytest.mark.promise("W4")
def test_with_cookies_blocked_each_action_runs_and_nothing_comes_back(blocker: Visitor) -> None:
    blocker.open("/privacy/workbench/")
    press(blocker, "Set it")
    assert f"Set-Cookie: {SESSION}=" in told(blocker, "set-cookie"), "the site sent it"
    assert became(blocker) == "no-session"
    expect(blocker.page.get_by_test_id("session")).to_have_attribute("data-exists", "no")
    press(blocker, "Set the test cookie")
    press(blocker, "Look whether it came back")
    assert told(blocker, "value") == "False"
    assert blocker.jar() == {}


@pytest.mark.promise("W5")
def test_a_session_in_a_signed_cookie_works_and_the_page_says_what_is_different(
    library_with: SharedSite, newcomer: NewcomerFactory
) -> None:
    stranger = newcomer(library_with(SESSION_ENGINE="signed_cookies"), consents=False)
    stranger.open("/privacy/workbench/")
    press(stranger, "Set it")
    press(stranger, "Change the wheels, and say nothing")
    assert became(stranger) == "lost"
    press(stranger, "Change the id, keep the data")
    assert "There is no id to change" in told(stranger, "words")
    press(stranger, "Change the wheels, and say so")
    assert car(stranger) == "{'maker': 'mini', 'wheels': 'alloy'}"
    press(stranger, "End the session")
    assert SESSION not in stranger.jar()
