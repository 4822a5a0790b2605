"""The privacy dashboard: what it shows is true, and what it deletes is gone (rows B6, B11, C2)."""

import csv
import json
import re
from http.client import HTTPResponse
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Download

from library_suite.accessibility import faint_texts, violations
from library_suite.cookie_names import CHOICE, CSRF, SESSION
from library_suite.dashboard import Dashboard
from library_suite.fixtures import BrowserAt, NewcomerFactory, OwnSite, SharedSite
from library_suite.site import LibrarySite, Site, hash_of
from library_suite.visitor import PASSWORD, Visitor
from library_suite.wire import connection_to


def dashboard_of(visitor: Visitor) -> Dashboard:
    visitor.open("/privacy/")
    return Dashboard(visitor.page)


def has_receipt(choice: str, site: LibrarySite) -> bool:
    """Whether the server keeps the receipt of a choice, given as the text of its cookie."""
    with site.database() as database:
        return bool(
            database.execute("SELECT 1 FROM consent_gate_receipt WHERE id = ?", [choice.split(".")[1]]).fetchall()
        )


def like_novels(visitor: Visitor) -> None:
    """Press the button, and wait for the page that follows: another address would interrupt it."""
    visitor.open("/genres/novel/")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Like this genre").click()


@pytest.mark.promise("D1")
def test_every_cookie_and_every_session_key_shown_is_true(visitor: Visitor) -> None:
    """Compared with the browser's own jar."""
    visitor.open()
    visitor.open("/books/1/")
    dashboard = dashboard_of(visitor)
    jar = visitor.jar()
    assert dashboard.cookie_names() == set(jar)
    assert dashboard.number_of_cookies() == len(jar)
    for name in ("visits", "last_visit", CHOICE):
        assert dashboard.value_of_cookie(name) == jar[name].value
    assert dashboard.value_of_cookie(SESSION) == f"{jar[SESSION].value[:6]}…"
    assert json.loads(dashboard.value_of_key("num_visits")) == 1
    assert json.loads(dashboard.value_of_key("recently_viewed")) == [1]
    assert dashboard.session_ids() == {f"{visitor.session_id()[:6]}…"}, "the same id on both sides"
    dashboard.reveal_cookie(SESSION)
    assert dashboard.value_of_cookie(SESSION) == visitor.session_id()


@pytest.mark.promise("D1")
def test_the_stored_form_of_the_session_is_the_row_in_the_database(
    visitor: Visitor, library_inside: LibrarySite
) -> None:
    visitor.open()
    dashboard = dashboard_of(visitor)
    with library_inside.database() as database:
        [[stored]] = database.execute(
            "SELECT session_data FROM exact_sessions_session WHERE key_hash = ?", [hash_of(visitor.session_id())]
        )
    dashboard.reveal_stored_form()
    assert dashboard.stored_form() == stored


@pytest.mark.promise("D2")
def test_scripts_see_no_cookie_and_no_other_store(visitor: Visitor) -> None:
    visitor.open()
    dashboard = dashboard_of(visitor)
    assert dashboard.what_scripts_see() == dict.fromkeys(
        ("document.cookie", "cookieStore", "localStorage", "sessionStorage", "IndexedDB", "CacheStorage"), "empty"
    )
    visitor.page.evaluate("document.cookie = 'mine=1; path=/'; localStorage.setItem('left', 'behind')")
    dashboard = dashboard_of(visitor)
    seen = dashboard.what_scripts_see()
    assert seen["document.cookie"] == "mine"
    assert seen["localStorage"] == "left"
    assert dashboard.state_of_cookie("mine") == "undeclared"


@pytest.mark.promise("D3")
def test_hostile_values_are_shown_and_do_nothing(visitor: Visitor) -> None:
    hostile = "<img src=x onerror=document.title='broken'>"
    address = visitor.address
    visitor.context.add_cookies([{"name": "stray", "value": hostile, "url": address}])
    visitor.context.add_cookies([{"name": "big", "value": "x" * 4_000, "url": address}])
    dashboard = dashboard_of(visitor)
    dashboard.reveal_cookie("stray")
    assert dashboard.value_of_cookie("stray") == hostile
    assert "broken" not in visitor.page.title()
    assert visitor.page.locator("main img").count() == 0
    assert dashboard.state_of_cookie("big") == "undeclared"


@pytest.mark.promise("D15")
@pytest.mark.parametrize("lookalike", ["\u2000{}", "\u00a0{}", "{}\u3000"])
def test_a_cookie_that_only_looks_like_the_sessions_opens_nothing(newcomer: NewcomerFactory, lookalike: str) -> None:
    """Both engines keep such a name, whoever sets it, and take what looks like white space for a part of it."""
    owner, other = newcomer(), newcomer()
    owner.open()
    name = lookalike.format(SESSION)
    other.open("/privacy/")
    other.page.evaluate("text => { document.cookie = text }", f"{name}={owner.session_id()}; path=/; secure")
    assert name in other.page.evaluate("document.cookie"), "the browser keeps it"
    dashboard = dashboard_of(other)
    assert other.page.get_by_test_id("no-session").is_visible()
    assert dashboard.key_names() == set()
    assert dashboard.state_of_cookie(name) == "undeclared"


@pytest.mark.promise("D15")
def test_raw_names_within_white_space_are_read_by_nobody(visitor: Visitor) -> None:
    visitor.open()
    stolen = visitor.session_id()
    for name in (f"\u2000{SESSION}", f"{SESSION}\u0085", f"\u3000{SESSION}\u00a0"):
        connection = connection_to(visitor.address)
        connection.request("GET", "/privacy/", headers={"Cookie": f"{name}={stolen}".encode()})
        page = connection.getresponse().read().decode()
        connection.close()
        assert 'data-testid="no-session"' in page
        assert 'data-state="undeclared"' in page


@pytest.mark.promise("D16")
def test_more_cookies_than_the_page_shows_are_counted_and_all_erased(visitor: Visitor) -> None:
    visitor.open()
    declared = set(visitor.jar())
    visitor.context.add_cookies(
        [{"name": f"stray{number:03}", "value": "1", "url": visitor.address} for number in range(100)]
    )
    dashboard = dashboard_of(visitor)
    assert dashboard.number_of_cookies() == 100 + len(declared)
    assert declared <= dashboard.cookie_names()
    left_out = 100 + len(declared) - len(dashboard.cookie_names())
    assert left_out > 0
    assert f"And {left_out} more that nobody declared." in visitor.page.get_by_test_id("left-out").inner_text()
    dashboard.press("Erase everything")
    assert visitor.jar() == {}


@pytest.mark.promise("D16")
@pytest.mark.parametrize("cookie", ["c{:05}=v", "visits={}", "{}<=<", '"{}"="&"'])
def test_a_request_full_of_cookies_gets_no_larger_answer_than_another(library: Site, cookie: str) -> None:
    line = "; ".join(cookie.format(number) for number in range(8_000 // (len(cookie) + 2)))

    def size_of(method: str, path: str, lines: int) -> int:
        connection = connection_to(library.url)
        connection.putrequest(method, path)
        for header in [("Cookie", line)] * lines + [("Origin", library.url), ("Content-Length", "0")]:
            connection.putheader(*header)
        connection.endheaders()
        size = len(connection.getresponse().read())
        connection.close()
        return size

    assert size_of("GET", "/privacy/", 16) <= 1.1 * size_of("GET", "/privacy/", 1)
    assert size_of("POST", "/privacy/export/", 16) <= 100_000 + 10 * 16 * len(line)


def posted(library: Site, path: str) -> HTTPResponse:
    """The answer to a form of this site that nobody in particular sends: without any cookie."""
    connection = connection_to(library.url)
    connection.request("POST", path, headers={"Origin": library.url, "Content-Length": "0"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.promise("D17")
def test_nobody_makes_the_page_claim_to_somebody_else_that_it_did_something(visitor: Visitor, other_host: str) -> None:
    """Neither with a made-up address nor with one that the site has just signed for them, typed or linked."""
    signed = posted(visitor.site, "/privacy/erase/").getheader("Location")
    assert signed
    for address in ("/privacy/?done=everything#done", signed):
        visitor.open(address)
        assert visitor.page.get_by_test_id("done").count() == 0
    elsewhere = visitor.at(visitor.site, other_host)
    elsewhere.open("/about/")
    with elsewhere.page.expect_navigation(url=re.compile("done=")):
        elsewhere.page.evaluate("address => { location = address }", visitor.address + signed)
    elsewhere.page.get_by_role("heading", name="What is kept about you").wait_for()
    assert elsewhere.page.get_by_test_id("done").count() == 0
    visitor.open("/privacy/")
    Dashboard(visitor.page).press("Erase everything")
    assert visitor.page.get_by_test_id("done").get_attribute("data-done") == "everything"


@pytest.mark.promise("N7")
def test_exports_and_erasures_of_nobody_leave_nothing_on_the_server(library_inside: LibrarySite) -> None:
    def number_of_rows() -> int:
        with library_inside.database() as database:
            return int(database.execute("SELECT count(*) FROM privacy_dashboard_exercise").fetchone()[0])

    before = number_of_rows()
    for path in ("/privacy/export/", "/privacy/erase/"):
        assert {posted(library_inside, path).status for _ in range(50)} <= {200, 302}
    assert number_of_rows() == before


@pytest.mark.promise("D9", "B4")
def test_with_cookies_blocked_an_erasure_says_that_nothing_was_noted(blocker: Visitor) -> None:
    dashboard_of(blocker).press("Erase everything")
    assert blocker.page.get_by_test_id("no-trace").is_visible()
    assert blocker.page.get_by_test_id("trace").count() == 0


@pytest.mark.promise("D4")
def test_each_button_deletes_what_it_says_and_nothing_else(visitor: Visitor, library_inside: LibrarySite) -> None:
    visitor.open()
    visitor.context.add_cookies([{"name": "stray", "value": "1", "url": visitor.address}])
    dashboard = dashboard_of(visitor)
    dashboard.press("Delete visits")
    assert "visits" not in visitor.jar()
    assert "last_visit" in visitor.jar()
    old_id = visitor.session_id()
    dashboard.press("Erase num_visits")
    assert "num_visits" not in dashboard.key_names()
    assert "visits" in dashboard.key_names()
    assert visitor.session_id() != old_id, "a request in flight can't bring it back"
    assert not library_inside.holds_session(old_id)
    dashboard.press("Delete these cookies", group="undeclared")
    assert "stray" not in visitor.jar()
    dashboard.press("Erase these keys", group="statistics")
    assert not {"visits", "last_visit", "num_visits"} & dashboard.key_names()
    kept = visitor.session_id()
    dashboard.press("End this session")
    assert {SESSION, CSRF}.isdisjoint(visitor.jar())
    assert not library_inside.holds_session(kept)
    assert CHOICE in visitor.jar()


@pytest.mark.promise("D5")
def test_erasing_everything_leaves_an_empty_page_and_nothing_comes_back(browser_at: BrowserAt, library: Site) -> None:
    """Not by a second tab that was open all the while, and not after the browser was closed."""
    browser = browser_at(library)
    visitor = browser.visitor
    visitor.open()
    second = visitor.new_tab()
    second.open("/about/")
    visitor.open("/privacy/")
    visitor.page.evaluate("localStorage.setItem('left', 'behind')")
    dashboard = Dashboard(visitor.page)
    dashboard.press("Erase everything")
    assert dashboard.has_no_cookies()
    assert dashboard.trace()
    assert visitor.jar() == {}
    assert dashboard.what_scripts_see()["localStorage"] == "empty"
    second.page.reload()
    second.page.get_by_role("link", name="Home").click()
    second.page.wait_for_url(f"{visitor.address}/")
    assert visitor.jar() == {}
    visitor = browser.reopen()
    assert dashboard_of(visitor).has_no_cookies()
    assert visitor.jar() == {}


@pytest.mark.promise("D5")
def test_erasing_everything_ends_the_session_and_takes_the_receipt_along(
    visitor: Visitor, library_inside: LibrarySite
) -> None:
    visitor.open()
    kept, choice = visitor.session_id(), visitor.jar()[CHOICE].value
    assert library_inside.holds_session(kept)
    assert has_receipt(choice, library_inside)
    dashboard_of(visitor).press("Erase everything")
    assert not library_inside.holds_session(kept)
    assert not has_receipt(choice, library_inside)


@pytest.mark.promise("D6")
def test_an_account_is_deleted_with_its_password_and_all_it_held(visitor: Visitor, library_inside: LibrarySite) -> None:
    visitor.open()
    name = visitor.register()
    like_novels(visitor)
    dashboard = dashboard_of(visitor)
    assert name in dashboard.account()
    assert "Novel" in dashboard.account()
    visitor.page.get_by_role("link", name="Delete this account").click()
    visitor.page.get_by_label("Your password").fill("wrong")
    visitor.page.get_by_role("button", name="Delete my account").click()
    visitor.page.get_by_text("This is not the password of this account.").wait_for()
    visitor.page.get_by_label("Your password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Delete my account").click()
    visitor.page.get_by_test_id("done").wait_for()
    assert visitor.jar() == {}
    with library_inside.database() as database:
        assert database.execute("SELECT 1 FROM accounts_user WHERE username = ?", [name]).fetchall() == []


@pytest.mark.promise("D7")
def test_what_is_exported_is_what_is_shown(visitor: Visitor) -> None:
    visitor.open()
    dashboard_of(visitor)

    def text_of(button: str) -> str:
        with visitor.page.expect_download() as waiting:
            visitor.page.get_by_role("button", name=button).click()
        download: Download = waiting.value
        return Path(download.path()).read_text(encoding="utf-8")

    jar = visitor.jar()
    document = json.loads(text_of("Everything (JSON)"))
    assert {cookie["name"] for cookie in document["cookies"]} == set(jar)
    assert visitor.session_id() not in json.dumps(document)
    assert {row["name"] for row in csv.DictReader(StringIO(text_of("The cookies as a table (CSV)")))} == set(jar)


@pytest.mark.promise("D8")
def test_nobody_sees_anything_of_another_browser(newcomer: NewcomerFactory) -> None:
    ours, theirs = newcomer(), newcomer()
    ours.open("/books/1/")
    our_name = ours.register()
    like_novels(ours)
    assert "Novel" in dashboard_of(ours).account(), "seen before them, so that no cache may keep it"
    theirs.open("/books/2/")
    seen = dashboard_of(theirs)
    assert json.loads(seen.value_of_key("recently_viewed")) == [2]
    assert seen.account() == ""
    assert ours.session_id()[:6] not in theirs.page.content()
    their_name = theirs.register()
    account = dashboard_of(theirs).account()
    assert their_name in account
    assert our_name not in account
    assert "Novel" not in account


@pytest.mark.promise("D9", "B4")
def test_with_cookies_blocked_the_page_says_what_the_site_does_not_know(blocker: Visitor) -> None:
    blocker.open()
    blocker.open("/books/1/")
    dashboard = dashboard_of(blocker)
    assert dashboard.has_no_cookies()
    assert dashboard.number_of_cookies() == 0
    # Asked for these, a browser that blocks cookies raises an error; the script on the page takes that for an answer.
    seen = dashboard.what_scripts_see()
    assert seen["document.cookie"] == "empty"
    assert {seen[store] for store in ("localStorage", "sessionStorage", "IndexedDB")} == {"this browser does not tell"}
    dashboard.press("Erase everything")
    assert dashboard.has_no_cookies()


@pytest.mark.promise("D1", "D14")
def test_signed_cookies_show_the_session_in_the_browser_and_nothing_on_the_server(
    newcomer: NewcomerFactory, library_with: SharedSite
) -> None:
    visitor = newcomer(library_with(SESSION_ENGINE="signed_cookies"))
    visitor.open()
    dashboard = dashboard_of(visitor)
    assert json.loads(dashboard.value_of_key("num_visits")) == 1
    assert dashboard.number_on_server() == 1, "the receipt alone"
    dashboard.reveal_stored_form()
    assert dashboard.stored_form() == visitor.jar()[SESSION].value
    dashboard.press("Erase everything")
    assert visitor.jar() == {}


@pytest.mark.promise("D1", "D5")
@pytest.mark.parametrize("session_engine", ["cached_db", "cache", "file"])
def test_every_other_store_is_shown_truly_and_emptied(
    newcomer: NewcomerFactory, library_with: SharedSite, session_engine: str
) -> None:
    visitor = newcomer(library_with(SESSION_ENGINE=session_engine))
    visitor.open()
    dashboard = dashboard_of(visitor)
    assert json.loads(dashboard.value_of_key("num_visits")) == 1
    assert dashboard.session_ids() == {f"{visitor.session_id()[:6]}…"}
    stolen = visitor.jar()[SESSION].value
    dashboard.press("Erase everything")
    assert visitor.jar() == {}
    visitor.plant_session(stolen)
    assert dashboard_of(visitor).key_names() == set(), "the old id opens nothing"


@pytest.mark.promise("U2")
def test_no_state_of_the_page_has_an_accessibility_fault(visitor: Visitor) -> None:
    """All that only some visitors see: an account with sessions, an undeclared cookie, what was done."""
    visitor.open()
    visitor.open("/books/1/")
    visitor.register()
    visitor.context.add_cookies([{"name": "stray", "value": "1", "url": visitor.address}])
    found = {}
    dashboard = dashboard_of(visitor)
    visitor.page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true; })")
    found["everything"] = violations(visitor.page)
    dashboard.press("Delete stray")
    found["done"] = violations(visitor.page)
    for path in ("/privacy/account/delete/", "/accounts/password/"):
        visitor.open(path)
        found[path] = violations(visitor.page)
    assert found == {state: [] for state in found}


@pytest.mark.promise("U2", "U4")
def test_the_dark_dashboard_has_contrast_too_and_fits_a_narrow_window(newcomer: NewcomerFactory) -> None:
    visitor = newcomer(dark=True)
    visitor.open()
    visitor.register()
    visitor.context.add_cookies([{"name": "stray", "value": "x" * 3_000, "url": visitor.address}])
    visitor.open("/privacy/?reveal=cookie:stray")
    visitor.page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true; })")
    assert faint_texts(visitor.page) == []
    for width in (320, 768):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.promise("D3")
def test_a_damaged_session_is_named_as_such(newcomer: NewcomerFactory, own_library: OwnSite) -> None:
    site = own_library()
    visitor = newcomer(site)
    visitor.open()
    with site.database() as database:
        database.execute("UPDATE exact_sessions_session SET session_data = 'damaged'")
    dashboard = dashboard_of(visitor)
    assert visitor.page.get_by_test_id("corrupt").is_visible()
    assert dashboard.key_names() == set()


@pytest.mark.promise("D11")
def test_the_whole_dashboard_works_without_scripts(newcomer: NewcomerFactory) -> None:
    visitor = newcomer(javascript=False)
    visitor.open()
    dashboard = dashboard_of(visitor)
    assert dashboard.cookie_names() == set(visitor.jar())
    assert set(dashboard.what_scripts_see(filled_in=False).values()) == {"not looked at: scripts are off"}
    dashboard.press_by_keyboard("Erase num_visits")
    assert "num_visits" not in dashboard.key_names()
    dashboard.press_by_keyboard("Erase everything")
    assert dashboard.has_no_cookies()
    assert visitor.jar() == {}
