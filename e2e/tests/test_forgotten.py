"""What was just asked for is forgotten within hours, and what a browser without cookies leaves behind within a day."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from cookie_harness import CookiePolicy
from library_suite.cookie_names import SESSION
from library_suite.fixtures import NewcomerFactory, OwnSite
from library_suite.site import LibrarySite
from library_suite.visitor import PASSWORD, Visitor

HOURS = timedelta(seconds=14_400)
A_MINUTE, A_WEEK = timedelta(minutes=1), timedelta(weeks=1)
CLEARING = ("clearsessions", "prune_user_sessions", "prune_accounts", "prune_tries")
"""What the lines for cron in docs/production.md run each night, of what visitors without cookies leave behind."""


def remaining(visitor: Visitor) -> timedelta:
    """How long the session's cookie still lives."""
    expires = visitor.jar()[SESSION].expires
    assert expires is not None
    return datetime.fromtimestamp(expires, UTC) - datetime.now(UTC)


def let_a_day_pass(site: LibrarySite) -> None:
    """Put everything that has an end or a beginning back by a day, and clear as each night."""
    with site.database() as database:
        for table, column in (
            ("exact_sessions_session", "expire_date"),
            ("privacy_dashboard_accountsession", "ends_at"),
            ("accounts_tries", "ends_at"),
            ("accounts_user", "date_joined"),
        ):
            database.execute(f"UPDATE {table} SET {column} = datetime({column}, '-1 day')")
    for command in CLEARING:
        site.manage(command)


def names(site: LibrarySite) -> set[str]:
    with site.database() as database:
        return {name for (name,) in database.execute("SELECT username FROM accounts_user")}


@pytest.mark.promise("L16")
def test_a_session_ends_within_hours_until_it_holds_what_was_allowed(stranger: Visitor) -> None:
    assert stranger.check_cookies()
    assert timedelta() < remaining(stranger) <= HOURS + A_MINUTE, "Firefox counts by the server's clock"
    stranger.open("/privacy/")
    facts = stranger.page.get_by_test_id("session-facts")
    shown = facts.locator("div", has_text="Ends on the server").locator("dd").text_content() or ""
    end = datetime.strptime(shown, "%d %B %Y, %H:%M UTC").replace(tzinfo=UTC)
    assert end <= datetime.now(UTC) + HOURS
    stranger.consent()
    stranger.open()
    assert remaining(stranger) > A_WEEK


@pytest.mark.promise("L17")
def test_a_browser_without_cookies_leaves_nothing_after_the_next_clearing(
    own_library: OwnSite, newcomer: NewcomerFactory
) -> None:
    site = own_library()
    reader = newcomer(site, consents=False)
    name = reader.register()
    blocker = newcomer(site, cookies=CookiePolicy.BLOCK)
    assert not blocker.check_cookies()
    blocker.fill_in_sign_in(name, remember=True)
    blocker.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(blocker.page.get_by_test_id("not-signed-in")).to_be_visible()
    blocker.open("/accounts/register/")
    blocker.page.get_by_label("Username").fill("nobody-comes-back")
    blocker.page.get_by_label("Password:", exact=True).fill(PASSWORD)
    blocker.page.get_by_label("Password confirmation").fill(PASSWORD)
    blocker.page.get_by_role("button", name="Open an account").click()
    expect(blocker.page.get_by_test_id("not-signed-in")).to_be_visible()
    expect(blocker.page.get_by_text("deleted within a day")).to_be_visible()
    assert site.session_count() == 4
    let_a_day_pass(site)
    assert site.session_count() == 1
    assert site.holds_session(reader.session_id()), "a reader whose cookie came back stays signed in"
    assert names(site) == {name}
    reader.open("/about/")
    expect(reader.page.get_by_text(f"Signed in as {name}")).to_be_visible()
