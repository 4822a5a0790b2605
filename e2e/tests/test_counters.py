"""The three visit counters with cookies enabled and allowed."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from cookie_harness import SharedCache, set_cookie_lines
from library_suite.cookie_names import CHOICE, CSRF, SESSION, STATISTICS
from library_suite.fixtures import NewcomerFactory, OwnSite, SharedSite
from library_suite.site import LibrarySite
from library_suite.visitor import Counter, Visitor


@pytest.mark.promise("V1")
def test_the_first_visit_counts_one_and_sets_one_session_cookie(visitor: Visitor) -> None:
    response = visitor.open()
    assert visitor.count() == 1
    session_lines = [line for line in set_cookie_lines(response) if line.startswith(f"{SESSION}=")]
    assert len(session_lines) == 1
    cookie = visitor.jar()[SESSION]
    assert cookie.http_only
    assert cookie.secure
    assert cookie.same_site == "Lax"
    assert cookie.path == "/"
    assert cookie.domain == urlsplit(visitor.address).hostname


@pytest.mark.promise("V12")
def test_the_visit_cookies_have_the_attributes_they_are_declared_with(visitor: Visitor) -> None:
    visitor.open()
    for name in STATISTICS:
        cookie = visitor.jar()[name]
        assert cookie.http_only
        assert cookie.secure
        assert cookie.same_site == "Lax"
        assert cookie.expires is not None


@pytest.mark.promise("V2")
def test_three_visits_count_three_and_are_worded_rightly(visitor: Visitor) -> None:
    for sentence in ("1 time.", "2 times.", "3 times."):
        visitor.open()
        expect(visitor.page.get_by_text(f"You have visited this page {sentence}")).to_be_visible()


@pytest.mark.promise("V3")
def test_reload_link_redirect_and_typed_address_each_count_once(visitor: Visitor) -> None:
    assert visitor.visit() == 1
    visitor.page.reload()
    assert visitor.count() == 2
    visitor.open("/about/")
    visitor.page.get_by_role("navigation", name="Site").get_by_role("link", name="Home").click()
    expect(visitor.page).to_have_url(visitor.address + "/")
    assert visitor.count() == 3
    visitor.register()
    assert visitor.count() == 4
    assert visitor.visit() == 5


@pytest.mark.promise("V4")
def test_the_icon_head_requests_missing_pages_and_assets_do_not_count(visitor: Visitor) -> None:
    visitor.open()
    visitor.open("/favicon.ico")
    visitor.open("/there-is-no-such-page/")
    # From inside the page, so that the requests carry the visitor's cookies. Assets are answered 304 the second time.
    stylesheet = visitor.open("/about/") and visitor.page.locator("link[rel=stylesheet]").first.get_attribute("href")
    statuses = visitor.page.evaluate(
        """async stylesheet => [
            (await fetch('/', {method: 'HEAD'})).status,
            (await fetch(stylesheet)).status,
            (await fetch(stylesheet, {cache: 'no-cache'})).status,
        ]""",
        stylesheet,
    )
    assert statuses == [200, 200, 200]
    assert visitor.visit() == 2


@pytest.mark.promise("V5")
def test_going_back_and_forward_does_not_disturb_the_count(visitor: Visitor) -> None:
    assert visitor.visit() == 1
    visitor.open("/about/")
    # Not page.go_back(): in Firefox it waits for ever for a page that comes back whole from the history.
    visitor.page.evaluate("history.back()")
    expect(visitor.page.get_by_text("You have visited this page")).to_be_visible()
    shown = visitor.count()
    assert shown in {1, 2}, "the page comes from the history as it was, or is asked for again"
    assert visitor.visit() == shown + 1


@pytest.mark.promise("V6")
def test_a_visit_that_ends_in_an_error_is_not_counted(own_library: OwnSite, newcomer: NewcomerFactory) -> None:
    site = own_library()
    site.may_fail = True
    visitor = newcomer(site)
    assert visitor.visit() == 1
    with site.database() as database:
        database.execute("ALTER TABLE catalog_catalogue RENAME TO lost")
    response = visitor.open()
    assert response.status == 500
    expect(visitor.page.get_by_role("heading", name="Something broke on our side")).to_be_visible()
    with site.database() as database:
        database.execute("ALTER TABLE lost RENAME TO catalog_catalogue")
    assert visitor.visit() == 2


@pytest.mark.promise("V7")
def test_without_javascript_the_counts_are_the_same(newcomer: NewcomerFactory) -> None:
    visitor = newcomer(javascript=False)
    assert [visitor.visit() for _ in range(3)] == [1, 2, 3]
    assert visitor.count(Counter.IN_COOKIES) == visitor.count(Counter.IN_SESSION) == 1


@pytest.mark.promise("V8")
def test_a_shared_cache_never_serves_one_visitors_number_to_another(
    newcomer: NewcomerFactory, library_inside: LibrarySite
) -> None:
    with SharedCache(library_inside.url) as cache:
        first, second = (newcomer(consents=False).through(cache.url) for _ in range(2))
        assert first.open().body() == second.open().body()
        assert (cache.from_site.count("/"), cache.from_store.count("/")) == (1, 1), "strangers share one page"
        for visitor in (first, second):
            visitor.consent()
        assert [first.visit(), first.visit()] == [1, 2]
        assert [second.visit(), second.visit()] == [1, 2]
        assert cache.from_store.count("/") == 1, "nothing that counts came out of the store"
        assert first.session_id() != second.session_id()


@pytest.mark.promise("V8")
def test_a_shared_cache_gives_nobody_a_session_that_the_site_gave_out_before(
    newcomer: NewcomerFactory, library_inside: LibrarySite
) -> None:
    """Who deletes the session comes back with the very cookies of the first visit: `Vary` can't tell the two apart."""
    with SharedCache(library_inside.url) as cache:
        visitor = newcomer(consents=False).through(cache.url)
        visitor.consent()
        (choice,) = visitor.jar()
        assert visitor.visit() == 1
        first = visitor.session_id()
        for name in visitor.jar().keys() - {choice}:
            visitor.context.clear_cookies(name=name)
        assert visitor.visit() == 1
        assert visitor.session_id() != first
        assert cache.from_store.count("/") == 0


@pytest.mark.promise("V8", "C15")
def test_a_shared_cache_keeps_a_strangers_banner_from_whoever_sends_gpc(
    newcomer: NewcomerFactory, library_inside: LibrarySite
) -> None:
    with SharedCache(library_inside.url) as cache:
        stranger = newcomer(consents=False).through(cache.url)
        stranger.open()
        expect(stranger.banner).to_be_visible()
        refuser = newcomer(consents=False, gpc=True).through(cache.url)
        refuser.open()
        assert refuser.banner.count() == 0
        assert refuser.jar() == {}


@pytest.mark.promise("V9")
@pytest.mark.parametrize(
    ("page", "button", "keeps_the_id"),
    [
        ("/privacy/", "Erase num_visits", False),
        ("/privacy/workbench/", "Empty the whole session", True),
        ("/privacy/workbench/", "End the session", False),
    ],
)
def test_a_count_that_was_reset_begins_anew(
    visitor: Visitor, library_inside: LibrarySite, page: str, button: str, keeps_the_id: bool
) -> None:
    """Django's flush() ends a session with its id, clear() empties it and keeps the id.

    The dashboard erases one key and gives the rest another id, so that no request under way brings the key back.
    """
    assert [visitor.visit(), visitor.visit()] == [1, 2]
    before = visitor.session_id()
    visitor.open(page)
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=button, exact=True).click()
    assert visitor.visit() == 1
    assert (visitor.session_id() == before) is keeps_the_id
    assert library_inside.holds_session(before) is keeps_the_id


@pytest.mark.promise("V10")
def test_signing_in_keeps_the_count_and_changes_the_key_and_signing_out_begins_anew(visitor: Visitor) -> None:
    name = visitor.register()
    visitor.sign_out()
    assert visitor.visit() == 2, "signing out leads to the home page: that was the first visit of the new session"
    before = visitor.session_id()
    visitor.sign_in(name, remember=False)
    assert visitor.count() == 3
    assert visitor.session_id() != before
    signed_in = visitor.session_id()
    visitor.sign_out()
    assert visitor.count() == 1
    assert visitor.session_id() != signed_in


@pytest.mark.promise("V11")
def test_the_interval_counters_wait_for_the_interval(visitor: Visitor) -> None:
    for _ in range(3):
        visitor.open()
    assert visitor.count(Counter.NUM_VISITS) == 3
    assert visitor.count(Counter.IN_COOKIES) == 1
    assert visitor.count(Counter.IN_SESSION) == 1


@pytest.mark.promise("V11")
def test_the_interval_counters_count_once_the_interval_has_gone_by(
    library_with: SharedSite, newcomer: NewcomerFactory
) -> None:
    visitor = newcomer(library_with(VISIT_INTERVAL="1"))
    visitor.open()
    stamp = visitor.page.get_by_test_id(Counter.IN_COOKIES.value).get_by_role("time").get_attribute("datetime")

    def visited_again() -> bool:
        visitor.open()
        return visitor.count(Counter.IN_COOKIES) == visitor.count(Counter.IN_SESSION) == 2

    # The server's clock decides, so the visitor comes back until it has ticked on: each opening is one more visit.
    assert any(visited_again() for _ in range(200)), f"no second visit was counted since {stamp}"


@pytest.mark.promise("V4")
def test_about_shows_the_counts_and_does_not_count(visitor: Visitor) -> None:
    visitor.open("/about/")
    assert [visitor.count(counter) for counter in Counter] == [0, 0, 0]
    visitor.open()
    visitor.open()
    for _ in range(2):
        visitor.open("/about/")
        assert [visitor.count(counter) for counter in Counter] == [2, 1, 1]


@pytest.mark.promise("V13")
@pytest.mark.parametrize("name", sorted(STATISTICS))
def test_a_forged_cookie_gives_a_fresh_count_and_no_error(visitor: Visitor, name: str) -> None:
    visitor.open()
    for value in ("many", "-3", "9" * 3000, "1600-01-01T00:00:00Z", "2600-01-01T00:00:00Z", "%F0%9F%8D%AA"):
        visitor.context.add_cookies([{"name": name, "value": value, "url": visitor.address}])
        assert visitor.open().status == 200, value
        assert visitor.count(Counter.IN_COOKIES) == 1, value
        assert visitor.jar()["visits"].value == "1", value


@pytest.mark.promise("X7")
def test_a_session_id_in_the_address_does_nothing(visitor: Visitor, newcomer: NewcomerFactory) -> None:
    visitor.open()
    visitor.open()
    stolen = visitor.session_id()
    thief = newcomer()
    thief.open(f"/?{SESSION}={stolen}&sessionid={stolen}&PHPSESSID={stolen}")
    assert thief.count() == 1
    assert thief.session_id() != stolen
    assert stolen not in thief.page.content()


@pytest.mark.promise("V12")
def test_the_cookies_hold_nothing_but_counts_times_and_tokens(visitor: Visitor) -> None:
    name = visitor.register()
    visitor.open()
    jar = visitor.jar()
    assert visitor.known_cookies() == {CHOICE, SESSION, CSRF, *STATISTICS}
    assert re.fullmatch(r"[a-z0-9]{32}", jar[SESSION].value)
    assert re.fullmatch(r"[A-Za-z0-9]{32}", jar[CSRF].value)
    assert jar["visits"].value.isdecimal()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", jar["last_visit"].value)
    assert name not in "".join(cookie.value for cookie in jar.values())


@pytest.mark.promise("V12")
def test_the_session_cookie_is_the_key_of_a_row(visitor: Visitor, library_inside: LibrarySite) -> None:
    visitor.open()
    assert library_inside.holds_session(visitor.session_id())


@pytest.mark.promise("V12", "A1")
def test_scripts_see_no_cookie_at_all(visitor: Visitor) -> None:
    visitor.open()
    visitor.open("/accounts/sign-in/")
    assert visitor.known_cookies() == {CHOICE, SESSION, CSRF, *STATISTICS}
    assert visitor.page.evaluate("document.cookie") == ""
