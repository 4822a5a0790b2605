"""How long a session lasts: until the browser is really closed, or beyond.

"Closed" means here: the browser's process has ended, and a new one has opened the same profile.
"""

import shutil
import time

import pytest
from playwright.sync_api import expect

from cookie_harness import (
    CHROMIUM_AND_FIREFOX_LIFETIME_CAP,
    BrowserSettings,
    CookiePolicy,
    EchoSite,
    Recorder,
    prove_cleared_on_exit,
    set_cookie_lines,
)
from cookie_harness.plugin import ProfileFactory
from library_suite.cookie_names import CHOICE, CSRF, SESSION, STATISTICS
from library_suite.dashboard import Dashboard
from library_suite.fixtures import BrowserAt, NewcomerFactory, OwnSite, SharedSite
from library_suite.site import Site
from library_suite.visitor import PASSWORD, Visitor

TWO_WEEKS = 1_209_600
A_MINUTE = 60
LOCALHOST = "localhost"


@pytest.mark.promise("E1", "L1", "L2", "L3", "L7")
def test_a_session_survives_each_close_or_dies_with_it_as_set(library_with: SharedSite, browser_at: BrowserAt) -> None:
    """Both lifetimes in one browser, at two sites that share no cookie: 127.0.0.1 and localhost."""
    until_close = library_with(SESSION_EXPIRE_AT_BROWSER_CLOSE="true")
    browser = browser_at(library_with())
    lasting, passing = browser.visitor, browser.visitor.at(until_close, LOCALHOST)
    passing.consent()
    assert [lasting.visit(), lasting.visit()] == [1, 2]
    assert [passing.visit(), passing.visit()] == [1, 2]
    lasting_cookie, passing_cookie = lasting.jar()[SESSION], passing.jar()[SESSION]
    assert lasting_cookie.expires == pytest.approx(time.time() + TWO_WEEKS, abs=A_MINUTE)
    assert passing_cookie.expires is None

    for close in (1, 2):
        passing.leave()
        lasting = browser.reopen()
        passing = lasting.at(until_close, LOCALHOST)
        assert lasting.session_id() == lasting_cookie.value
        assert passing.known_cookies() == {CHOICE, *STATISTICS}, "cookies with a lifetime survived the same close"
        assert [lasting.visit(), lasting.visit()] == [2 * close + 1, 2 * close + 2]
        assert [passing.visit(), passing.visit()] == [1, 2]
        assert passing.session_id() != passing_cookie.value

    assert until_close.holds_session(passing_cookie.value), "the row lives on: closing a browser is not signing out"
    passing.alter_cookie(SESSION, value=passing_cookie.value)
    assert passing.visit() == 3, "whoever kept the id goes on with it"


@pytest.mark.promise("E1", "L1", "L2")
def test_a_session_survives_or_dies_as_set_in_every_other_store(
    library_with: SharedSite, browser_at: BrowserAt
) -> None:
    """All in one browser at 127.0.0.1, whose ports share a jar: each site has a session cookie of its own name."""
    lasting, passing = (
        {
            f"sessionid_{store}_{end}": library_with(
                SESSION_ENGINE=store,
                SESSION_COOKIE_NAME=f"sessionid_{store}_{end}",
                SESSION_EXPIRE_AT_BROWSER_CLOSE=str(end == "at_close").lower(),
            )
            for store in ("cached_db", "cache", "file", "signed_cookies")
        }
        for end in ("later", "at_close")
    )
    sites = lasting | passing
    browser = browser_at(sites["sessionid_file_later"])
    for name, site in sites.items():
        browser.visitor.turn_to(site)
        assert [browser.visitor.visit(), browser.visitor.visit()] == [1, 2], name
    before = browser.visitor.jar()
    assert {name for name in sites if before[name].expires is None} == set(passing)

    visitor = browser.reopen()
    left = visitor.jar()
    assert visitor.known_cookies() | set(lasting) == {CHOICE, *STATISTICS, *lasting}
    assert {name: left[name].value for name in lasting} == {name: before[name].value for name in lasting}
    for name, site in sites.items():
        visitor.turn_to(site)
        assert visitor.visit() == (3 if name in lasting else 1), name


@pytest.mark.promise("L4")
def test_closing_tabs_does_not_end_a_session_while_the_browser_lives(
    library_with: SharedSite, newcomer: NewcomerFactory
) -> None:
    visitor = newcomer(library_with(SESSION_EXPIRE_AT_BROWSER_CLOSE="true"))
    visitor.open()
    second = visitor.new_tab()
    assert second.visit() == 2
    for page in visitor.context.pages:
        page.close()
    assert visitor.new_tab().visit() == 3


@pytest.mark.promise("L5", "L12")
def test_remember_me_outlives_the_close_and_without_it_the_close_signs_out(
    library_with: SharedSite, browser_at: BrowserAt
) -> None:
    browser = browser_at(library_with())
    until_close = library_with(SESSION_EXPIRE_AT_BROWSER_CLOSE="true")
    forgotten, remembered = browser.visitor, browser.visitor.at(until_close, LOCALHOST)
    name, remembered_name = forgotten.register(), remembered.register()
    for visitor in (forgotten, remembered):
        visitor.sign_out()
    forgotten.sign_in(name, remember=False)
    remembered.sign_in(remembered_name, remember=True)
    assert forgotten.jar()[SESSION].expires is None
    assert remembered.jar()[SESSION].expires == pytest.approx(time.time() + TWO_WEEKS, abs=A_MINUTE)
    assert forgotten.jar()[CSRF].expires is None
    token = forgotten.page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value")
    assert token

    remembered.leave()
    forgotten = browser.reopen()
    assert forgotten.known_cookies() == {CHOICE, *STATISTICS}, "a form's token ends with the browser too"
    late = forgotten.context.request.post(
        f"{forgotten.address}/accounts/sign-in/",
        form={"csrfmiddlewaretoken": token, "username": name, "password": PASSWORD},
        headers={"Origin": "http://another.example"},
    )
    assert late.status == 403, "a token from before the close proves nothing after it"
    assert "The form came without its cookie" in late.text()
    remembered = forgotten.at(until_close, LOCALHOST)
    remembered.open()
    expect(remembered.page.get_by_text(f"Signed in as {remembered_name}")).to_be_visible()
    forgotten.open()
    expect(forgotten.page.get_by_role("link", name="Sign in")).to_be_visible()
    forgotten.sign_in(name, remember=False)


@pytest.mark.promise("L6")
def test_a_changed_setting_reaches_the_cookie_when_the_session_is_next_saved(
    own_library: OwnSite, newcomer: NewcomerFactory
) -> None:
    site = own_library(SESSION_EXPIRE_AT_BROWSER_CLOSE="true")
    visitor = newcomer(site)
    visitor.open()
    site.restart(SESSION_EXPIRE_AT_BROWSER_CLOSE="false")
    visitor.open("/about/")
    assert visitor.jar()[SESSION].expires is None, "About reads the session and saves nothing"
    visitor.open()
    assert visitor.jar()[SESSION].expires is not None
    assert visitor.count() == 2
    site.restart(SESSION_EXPIRE_AT_BROWSER_CLOSE="true")
    visitor.open("/about/")
    assert visitor.jar()[SESSION].expires is None, "a session of this kind notes at once that it is used"
    site.restart(SESSION_EXPIRE_AT_BROWSER_CLOSE="false", SESSION_SAVE_EVERY_REQUEST="true")
    visitor.open("/about/")
    assert visitor.jar()[SESSION].expires is not None


@pytest.mark.promise("L8", "D10")
def test_a_browser_that_clears_on_exit_ends_even_persistent_sessions(
    library: Site, new_profile: ProfileFactory, echo_site: EchoSite
) -> None:
    profile = new_profile(BrowserSettings(cookies=CookiePolicy.CLEAR_ON_EXIT))
    profile.open()
    visitor = Visitor(profile.context, library)
    visitor.consent()
    assert [visitor.visit(), visitor.visit()] == [1, 2]
    visitor.open("/privacy/")
    assert Dashboard(visitor.page).number_of_cookies() > 0
    visitor.leave()
    prove_cleared_on_exit(profile, echo_site)  # closes the browser and opens it again
    visitor = Visitor(profile.context, library)
    assert visitor.jar() == {}
    visitor.open("/privacy/")
    assert Dashboard(visitor.page).has_no_cookies()
    visitor.consent()
    assert visitor.visit() == 1


@pytest.mark.promise("L9")
def test_a_short_lived_session_leaves_the_jar_by_itself(
    library_with: SharedSite, newcomer: NewcomerFactory, echo_site: EchoSite
) -> None:
    visitor = newcomer(library_with(SESSION_COOKIE_AGE="2"))
    old_id = short_lived_session(visitor)

    def there() -> bool:
        # Asked of another server under the same host name: the library, whose clock also ends the session, would delete
        # the cookie. Both are looked at, as Firefox sends a cookie for up to a second longer than it lists it.
        visitor.page.goto(echo_site.received_url)
        return f"{SESSION}=" in echo_site.last_cookie_header or SESSION in visitor.jar()

    deadline = time.monotonic() + A_MINUTE
    while there():
        assert time.monotonic() < deadline
    # Whoever kept the id finds that the server has ended the session as well.
    visitor.plant_session(old_id)
    lines = set_cookie_lines(visitor.open())
    assert visitor.count() == 1
    assert [f"{SESSION}={old_id};" in line for line in lines if line.startswith(f"{SESSION}=")] == [False]


def short_lived_session(visitor: Visitor) -> str:
    """Come until the jar was looked at in time, and give back what the cookie held.

    A page's assets may take longer than such a session lasts: so the jar is looked at as soon as the page begins.
    """
    for _ in range(20):
        visitor.page.goto(visitor.address, wait_until="commit")
        kept = visitor.jar().get(SESSION)
        # Else the page that is still loading would get in the way of the next one: over BiDi that is an error.
        visitor.page.wait_for_load_state()
        if kept:
            return kept.value
    pytest.fail("the session's cookie never was in the jar")


@pytest.mark.promise("L10")
def test_browsers_cap_a_lifetime_at_four_hundred_days(library_with: SharedSite, newcomer: NewcomerFactory) -> None:
    asked = 2 * int(CHROMIUM_AND_FIREFOX_LIFETIME_CAP.total_seconds())
    visitor = newcomer(library_with(SESSION_COOKIE_AGE=str(asked)))
    visitor.open()
    cap = time.time() + CHROMIUM_AND_FIREFOX_LIFETIME_CAP.total_seconds()
    assert visitor.jar()[SESSION].expires == pytest.approx(cap, abs=A_MINUTE)


@pytest.mark.promise("L11")
def test_saving_every_request_renews_the_cookie_on_a_page_that_only_reads(
    library_with: SharedSite, newcomer: NewcomerFactory
) -> None:
    renewing = newcomer(library_with(SESSION_SAVE_EVERY_REQUEST="true"))
    resting = newcomer(library_with())
    for visitor in (renewing, resting):
        visitor.open()
        # An id whose cookie is known to end in an hour, so that a renewal shows without waiting.
        visitor.alter_cookie(SESSION, expires=time.time() + 3600)
        visitor.open("/about/")
    assert renewing.jar()[SESSION].expires == pytest.approx(time.time() + TWO_WEEKS, abs=A_MINUTE)
    assert resting.jar()[SESSION].expires == pytest.approx(time.time() + 3600, abs=A_MINUTE)


@pytest.mark.promise("L13")
def test_an_isolated_context_ends_with_everything_in_it(newcomer: NewcomerFactory, recorder: Recorder) -> None:
    visitor = newcomer()
    visitor.open()
    recorder.close(visitor.context)
    assert newcomer().visit() == 1


@pytest.mark.promise("L14")
def test_an_exported_storage_state_revives_a_browser_length_session(
    library_with: SharedSite, newcomer: NewcomerFactory, recorder: Recorder
) -> None:
    """Why no test here takes a saved storage state for a closed browser."""
    site = library_with(SESSION_EXPIRE_AT_BROWSER_CLOSE="true")
    visitor = newcomer(site)
    assert visitor.visit() == 1
    state = visitor.context.storage_state()
    recorder.close(visitor.context)
    assert newcomer(site, storage_state=state, consents=False).visit() == 2


@pytest.mark.promise("L15")
def test_a_second_profile_never_sees_the_first_ones_session_and_a_copied_one_does(
    library: Site, new_profile: ProfileFactory
) -> None:
    first = new_profile()
    visitor = Visitor(first.open(), library)
    visitor.consent()
    assert [visitor.visit(), visitor.visit()] == [1, 2]
    visitor.leave()
    first.close()
    other, copied = new_profile(), new_profile()
    shutil.copytree(first.folder, copied.folder, symlinks=True, ignore=shutil.ignore_patterns("Singleton*", "lock"))
    stranger = Visitor(other.open(), library)
    stranger.consent()
    assert stranger.visit() == 1
    assert Visitor(copied.open(), library).visit() == 3
