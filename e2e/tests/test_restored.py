"""Browsers that bring back what should have ended with them, and what the server does about it.

Django's documentation warns of it:
docs.djangoproject.com/en/5.2/topics/http/sessions/#browser-length-sessions-vs-persistent-sessions
"""

import time
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from cookie_harness import BrowserSettings, CookiePolicy, EchoSite, wait_until_written
from library_suite.cookie_names import CSRF, SESSION
from library_suite.fixtures import BrowserAt, OwnSite, SharedSite
from library_suite.site import Site
from library_suite.visitor import Visitor

RESTORING = BrowserSettings(restore=True)
IDLE_LIMIT = 3
"""Seconds."""
A_MINUTE = 60


@pytest.mark.promise("R1")
def test_a_browser_that_restores_its_tabs_brings_a_browser_length_session_back(
    library_with: SharedSite, browser_at: BrowserAt
) -> None:
    browser = browser_at(library_with(SESSION_EXPIRE_AT_BROWSER_CLOSE="true"), RESTORING)
    assert [browser.visitor.visit(), browser.visitor.visit()] == [1, 2]
    cookie = browser.visitor.jar()[SESSION]
    assert cookie.expires is None, "it should have ended with the browser"
    visitor = browser.reopen()
    assert visitor.jar()[SESSION].value == cookie.value
    assert visitor.visit() == 3


@pytest.mark.promise("R3")
def test_clearing_on_exit_beats_restoring(library_with: SharedSite, browser_at: BrowserAt) -> None:
    """Both kinds of sessions: at 127.0.0.1 one that ends with the browser, at localhost one that outlives it."""
    settings = BrowserSettings(cookies=CookiePolicy.CLEAR_ON_EXIT, restore=True)
    browser = browser_at(library_with(SESSION_EXPIRE_AT_BROWSER_CLOSE="true"), settings)
    lasting = browser.visitor.at(library_with(), "localhost")
    lasting.consent()
    for visitor in (browser.visitor, lasting):
        assert visitor.visit() == 1
        assert SESSION in visitor.jar()
    lasting.leave()
    visitor = browser.reopen()
    assert visitor.jar() == {}
    assert visitor.at(library_with(), "localhost").jar() == {}
    visitor.consent()
    assert visitor.visit() == 1


@pytest.mark.promise("R6")
def test_the_server_ends_a_restored_session_that_has_stood_idle_and_says_why(
    own_library: OwnSite, browser_at: BrowserAt, echo_site: EchoSite
) -> None:
    site = own_library()
    browser = browser_at(site, RESTORING)
    visitor = browser.visitor
    name = visitor.register()
    visitor.sign_out()
    visitor.sign_in(name, remember=False)
    last_used, key = time.monotonic(), visitor.session_id()
    site.restart(SESSION_IDLE_LIMIT=str(IDLE_LIMIT))  # not before: on a slow day it takes longer to sign in
    visitor = browser.reopen()
    assert visitor.session_id() == key, "the browser has brought it back"
    # Time itself is what the test waits for; the loads of a page elsewhere keep it from spinning.
    while time.monotonic() - last_used <= IDLE_LIMIT + 1:
        visitor.page.goto(echo_site.received_url)
    visitor.open("/about/")
    expect(visitor.page.get_by_text("You are signed out, as your session was not used")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Sign in")).to_be_visible()
    assert not site.holds_session(key)


@pytest.mark.promise("R4")
@pytest.mark.parametrize("written", [False, True], ids=["at-once", "once-written"])
def test_after_a_crash_the_site_goes_on_with_what_the_browser_had_written_down(
    library: Site, browser_at: BrowserAt, written: bool
) -> None:
    """Killed right after a visit, or when all of its cookies stand on the disk.

    Chromium writes them some 30 seconds after it got them, Firefox those with a lifetime within a second (both as
    measured): right after a visit it is chance which ones are left, and whether as the first visit set them or as the
    second renewed them; what holds is that the site copes with either.
    """
    browser = browser_at(library)
    assert [browser.visitor.visit(), browser.visitor.visit()] == [1, 2]
    before = browser.visitor.jar()
    lasting = {name for name, cookie in before.items() if cookie.expires}
    # Chromium writes this one down too, and drops it when it starts.
    assert set(before) - lasting == {CSRF}, "it should end with the browser"
    if written:
        wait_until_written(browser.profile, lasting)
    browser.profile.kill()
    visitor = Visitor(browser.profile.open(), library)
    left = visitor.jar()
    assert set(left) == lasting if written else set(left) <= lasting
    for name, cookie in left.items():
        assert cookie.expires == pytest.approx(before[name].expires, abs=A_MINUTE)
        assert replace(cookie, expires=before[name].expires) == before[name]
    visitor.consent()
    assert visitor.visit() == (3 if SESSION in left else 1)
