"""What becomes of a count and of a session when things happen at once, or the server goes away.

And what a visitor and the log are told when the site itself is broken.
"""

import json
import resource
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect

from library_suite.fixtures import NewcomerFactory, OwnSite, SharedSite
from library_suite.site import TRACE, LibrarySite, hash_of
from library_suite.visitor import Visitor

AT_ONCE = 40
A_MINUTE = 60
# Addresses of their own, as Chromium asks for one address once at a time; and nothing out of the browser's cache.
OPEN_ALL = "async paths => (await Promise.all(paths.map(path => fetch(path, {cache: 'no-store'})))).map(r => r.status)"


@pytest.mark.promise("F1")
@pytest.mark.parametrize(
    "settings",
    [{"SESSION_ENGINE": "db", "WEB_CONCURRENCY": "2"}, {"SESSION_ENGINE": "cached_db"}],
    ids=["db", "cached_db"],
)
def test_forty_visits_at_the_same_moment_count_as_forty(
    newcomer: NewcomerFactory, library_with: SharedSite, settings: dict[str, str]
) -> None:
    visitor = newcomer(library_with(**settings))
    assert visitor.visit() == 1
    assert visitor.page.evaluate(OPEN_ALL, [f"/?{i}" for i in range(AT_ONCE)]) == [200] * AT_ONCE
    assert visitor.visit() == AT_ONCE + 2
    visitor.open("/about/")
    expect(visitor.page.get_by_test_id("exactness")).to_contain_text("the session counts every one")


@pytest.mark.promise("F1")
@pytest.mark.parametrize("session_engine", ["cache", "file", "signed_cookies"])
def test_where_visits_at_the_same_moment_may_count_as_one_about_says_so(
    newcomer: NewcomerFactory, library_with: SharedSite, session_engine: str
) -> None:
    visitor = newcomer(library_with(SESSION_ENGINE=session_engine))
    assert visitor.visit() == 1
    assert visitor.page.evaluate(OPEN_ALL, [f"/?{i}" for i in range(AT_ONCE)]) == [200] * AT_ONCE
    assert 2 < visitor.visit() <= AT_ONCE + 2
    visitor.open("/about/")
    expect(visitor.page.get_by_test_id("exactness")).to_contain_text("the session may count only one")


@pytest.mark.promise("F1")
def test_no_view_of_a_book_is_lost_at_the_same_moment(visitor: Visitor, library_inside: LibrarySite) -> None:
    visitor.open()
    views = library_inside.views_of_book(1)
    assert visitor.page.evaluate(OPEN_ALL, [f"/books/1/?{i}" for i in range(AT_ONCE)]) == [200] * AT_ONCE
    assert library_inside.views_of_book(1) == views + AT_ONCE


@pytest.mark.promise("F2")
def test_a_session_deleted_during_a_request_is_said_in_words_and_the_next_is_fine(
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
        database.execute("DELETE FROM exact_sessions_session WHERE key_hash = ?", [hash_of(old_id)])
        database.execute("COMMIT")
    assert answer.value.status == 400
    expect(visitor.page.get_by_role("heading", name="We could not read that request")).to_be_visible()
    expect(visitor.page.get_by_text("or your session ended while it was sent")).to_be_visible()
    assert visitor.visit() == 1
    assert visitor.session_id() != old_id
    assert TRACE not in site.console


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


@pytest.mark.promise("N4")
def test_the_number_on_an_error_page_leads_to_the_error_in_the_log(
    own_library: OwnSite, newcomer: NewcomerFactory
) -> None:
    site = own_library()
    site.may_fail = True
    visitor = newcomer(site)
    assert visitor.visit() == 1
    with site.database() as database:
        database.execute("ALTER TABLE catalog_catalogue RENAME TO lost")
    assert visitor.open("/?q=a-private-word").status == 500
    expect(visitor.page.get_by_text("tell whoever runs this site the number of this error")).to_be_visible()
    number = visitor.page.locator("main code").inner_text()
    assert f"answered 500, at /, error {number}\n" in site.console
    assert site.has_failed, "a test that does not say so beforehand is told of it when the site is stopped"
    assert "current.py" in site.console
    assert "django.db.utils.OperationalError" in site.console
    for private in ("a-private-word", "no such table", visitor.session_id()):
        assert private not in site.console


@contextmanager
def full_disk(site: LibrarySite) -> Iterator[None]:
    """Have no file of the site's grow beyond four kilobytes, as the system lets whoever started a process decide."""
    workers = Path(f"/proc/{site.process}/task/{site.process}/children").read_text().split()
    limits = {int(pid): resource.prlimit(int(pid), resource.RLIMIT_FSIZE) for pid in workers}
    for pid, (_soft, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    yield
    for pid, limit in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


@pytest.mark.promise("M5")
def test_a_full_disk_costs_patience_and_no_session(own_library: OwnSite, newcomer: NewcomerFactory) -> None:
    site = own_library()
    visitor = newcomer(site)
    count, key = visitor.visit(), visitor.session_id()
    with full_disk(site):
        response = visitor.open()
        assert (response.status, response.headers["retry-after"]) == (503, "10")
        expect(visitor.page.get_by_role("heading", name="Back in a moment")).to_be_visible()
        assert visitor.open("/cookies/").status == 200, "what writes nothing goes on"
    assert visitor.visit() == count + 1
    assert visitor.session_id() == key
    assert not site.has_failed


@pytest.mark.promise("U9")
def test_every_error_has_a_page_where_the_list_of_assets_is_incomplete(
    own_library: OwnSite, newcomer: NewcomerFactory
) -> None:
    site = own_library()
    site.may_fail = True
    visitor = newcomer(site, consents=False)
    leave_out_of_the_assets(site, "consent_gate/banner.js")
    for path, status, heading in [
        ("/about/", 500, "Something broke on our side"),
        ("/there-is-no-such-page/", 404, "Nothing on this shelf"),
        ("/books/?" + "a&" * 1500, 400, "We could not read that request"),
    ]:
        response = visitor.open(path)
        assert response.status == status
        assert "default-src 'none'" in response.headers["content-security-policy"]
        expect(visitor.page.get_by_role("heading", name=heading)).to_be_visible()
        assert visitor.page.evaluate("document.styleSheets.length") == 1
        expect(visitor.page.get_by_role("link", name="Home page")).to_be_visible()


def leave_out_of_the_assets(site: LibrarySite, asset: str) -> None:
    """Start a site again whose assets were not all collected."""
    site.stop()
    site.first_page = "/cookies.json"  # one that needs no assets
    static = site.data / "static"
    collected = static.resolve()
    static.unlink()  # the other sites share it
    shutil.copytree(collected, static)
    manifest = json.loads((static / "staticfiles.json").read_text())
    del manifest["paths"][asset]
    (static / "staticfiles.json").write_text(json.dumps(manifest))
    site.start()
