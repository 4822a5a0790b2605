"""What becomes of a count and of a session when things happen at once, or the server goes away (scenarios F)."""

import time

import pytest
from playwright.sync_api import Error, expect

from e2e.library.fixtures import NewcomerFactory, OwnSite
from e2e.library.site import LibrarySite
from e2e.library.visitor import Visitor

AT_ONCE = 40
A_MINUTE = 60
# Addresses of their own, as Chromium asks for one address once at a time; and nothing out of the browser's cache.
OPEN_ALL = "async paths => (await Promise.all(paths.map(path => fetch(path, {cache: 'no-store'})))).map(r => r.status)"


@pytest.mark.promise("F1")
def test_visits_at_the_same_moment_may_count_as_one_and_no_view_of_a_book_is_lost(
    visitor: Visitor, library_inside: LibrarySite
) -> None:
    """A session is read and written as a whole, so of two requests at once the last writer wins.

    The number of a book's views is counted up by the database itself, which loses none.
    """
    assert visitor.visit() == 1
    assert visitor.page.evaluate(OPEN_ALL, [f"/?{i}" for i in range(AT_ONCE)]) == [200] * AT_ONCE
    assert 2 < visitor.visit() <= AT_ONCE + 2
    views = library_inside.views_of_book(1)
    assert visitor.page.evaluate(OPEN_ALL, [f"/books/1/?{i}" for i in range(AT_ONCE)]) == [200] * AT_ONCE
    assert library_inside.views_of_book(1) == views + AT_ONCE


@pytest.mark.promise("F2")
def test_a_session_deleted_while_a_request_runs_is_said_in_words_and_the_next_visit_is_fine(
    own_library: OwnSite, newcomer: NewcomerFactory
) -> None:
    site = own_library()
    visitor = newcomer(site)
    assert visitor.visit() == 1
    old_id = visitor.session_id()
    with site.database() as database, visitor.page.expect_response("**/accounts/register/") as answer:
        # Until this is committed the site can read the session, and has to wait before it writes one.
        database.execute("BEGIN IMMEDIATE")
        visitor.page.evaluate("location.assign('/accounts/register/')")
        # The page for new readers looks for the mark in the session, and says on the console that it has found it.
        await_on_console(site, ">>>> TEST COOKIE WORKED!")
        database.execute("DELETE FROM django_session WHERE session_key = ?", [old_id])
        database.execute("COMMIT")
    assert answer.value.status == 400
    expect(visitor.page.get_by_role("heading", name="We could not read that request")).to_be_visible()
    expect(visitor.page.get_by_text("or your session ended while it was sent")).to_be_visible()
    assert visitor.visit() == 1
    assert visitor.session_id() != old_id
    assert "Traceback" not in site.console


def await_on_console(site: LibrarySite, words: str) -> None:
    """Wait until the server has printed something."""
    deadline = time.monotonic() + A_MINUTE
    while words not in site.console:
        assert time.monotonic() < deadline, f"the server did not print {words}"


@pytest.mark.promise("F3", "E4")
def test_a_session_goes_on_when_the_server_was_away(own_library: OwnSite, newcomer: NewcomerFactory) -> None:
    site = own_library()
    visitor = newcomer(site)
    assert visitor.visit() == 1
    before = visitor.session_id()
    tab = visitor.new_tab()
    site.stop()
    with pytest.raises(Error, match=r"ERR_CONNECTION_REFUSED|NS_ERROR_CONNECTION_REFUSED"):
        tab.open()
    tab.page.close()  # Chromium's error page opens the address anew by itself as soon as it answers
    site.start()
    assert visitor.visit() == 2
    assert visitor.session_id() == before
