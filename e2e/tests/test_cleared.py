"""What the site does when cookies are cleared, lost, or forged."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from cookie_harness import read_jar
from library_suite.cookie_names import CSRF, SESSION
from library_suite.fixtures import NewcomerFactory, OwnSite
from library_suite.site import SECRET_KEY, LibrarySite
from library_suite.visitor import Counter, Visitor


@pytest.mark.promise("X1", "X2")
def test_after_clearing_a_cookie_check_brings_the_session_cookie_alone(visitor: Visitor) -> None:
    """The exercise of "How to Tango with Django", chapter "Cookies and sessions"."""
    visitor.open()
    assert {SESSION, "visits", "last_visit"} <= set(visitor.jar())
    visitor.context.clear_cookies()
    assert visitor.jar() == {}
    visitor.check_cookies()
    assert set(visitor.jar()) == {SESSION}
    visitor.open("/about/")
    assert [visitor.count(counter) for counter in Counter] == [0, 0, 0]


@pytest.mark.promise("X1")
def test_clearing_all_cookies_begins_anew_with_another_key_and_leaves_the_old_row(
    visitor: Visitor, library_inside: LibrarySite
) -> None:
    visitor.open()
    visitor.open()
    old_id = visitor.session_id()
    visitor.context.clear_cookies()
    visitor.consent()
    assert visitor.visit() == 1
    assert visitor.session_id() != old_id
    assert library_inside.holds_session(old_id)


@pytest.mark.promise("X2")
def test_clearing_the_session_cookie_alone_leaves_the_others(visitor: Visitor) -> None:
    visitor.open()
    visitor.open("/accounts/sign-in/")
    token = visitor.jar()[CSRF].value
    visitor.context.clear_cookies(name=SESSION)
    assert visitor.visit() == 1
    assert visitor.jar()[CSRF].value == token


@pytest.mark.promise("X3")
def test_a_form_whose_cookies_were_cleared_meanwhile_is_taken(visitor: Visitor) -> None:
    """It comes from a page of this site, as the browser itself says: no cookie has to prove that."""
    name = visitor.register()
    visitor.sign_out()
    visitor.open()
    visitor.fill_in_sign_in(name, remember=False)
    assert CSRF in visitor.jar()
    visitor.context.clear_cookies()
    visitor.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_text(f"Signed in as {name}")).to_be_visible()


@pytest.mark.promise("X3")
def test_a_form_opened_before_the_first_cookie_is_taken_whatever_was_set_since(stranger: Visitor) -> None:
    name = stranger.register()
    stranger.sign_out()
    stranger.context.clear_cookies()
    stranger.fill_in_sign_in(name, remember=False)
    other = stranger.new_tab()
    other.consent()
    other.open()
    assert CSRF in other.jar()
    stranger.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(stranger.page.get_by_text(f"Signed in as {name}")).to_be_visible()


@pytest.mark.promise("X3")
def test_a_form_from_before_a_sign_in_is_refused_in_words_and_can_be_sent_again(visitor: Visitor) -> None:
    name = visitor.register()
    visitor.sign_out()
    visitor.open()
    visitor.fill_in_sign_in(name, remember=False)
    other = visitor.new_tab()
    other.sign_in(name, remember=False)
    other.sign_out()
    visitor.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("The form was out of date")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("link", name="Open the form again").click()
    visitor.sign_in(name, remember=False)


@pytest.mark.promise("X4")
def test_erasing_everything_tells_the_browser_to_clear_itself_wherever_a_cookie_lies(visitor: Visitor) -> None:
    """A response can delete only the cookies that it can name, and a request does not say under which path one lies."""
    visitor.open()
    host = urlsplit(visitor.address).hostname or ""
    visitor.context.add_cookies([{"name": "deep", "value": "1", "domain": host, "path": "/nowhere/deep/"}])
    visitor.open("/privacy/")
    assert visitor.page.get_by_text("deep", exact=True).count() == 0, "the site was not sent it"
    with visitor.page.expect_response("**/privacy/erase/") as erased:
        visitor.page.get_by_role("button", name="Erase everything").click()
    assert '"cookies"' in erased.value.all_headers()["clear-site-data"]
    visitor.page.get_by_test_id("done").wait_for()
    assert read_jar(visitor.context) == ()


@pytest.mark.promise("X5")
def test_clearing_cookies_is_not_undone_from_another_store(visitor: Visitor) -> None:
    visitor.open()
    visitor.page.evaluate("localStorage.setItem('mine', 'stays')")
    visitor.context.clear_cookies()
    visitor.consent()
    assert visitor.visit() == 1
    stores = visitor.page.evaluate(
        "async () => [Object.keys(localStorage), sessionStorage.length, (await indexedDB.databases()).length]"
    )
    assert stores == [["mine"], 0, 0]


@pytest.mark.promise("X6")
def test_a_row_deleted_on_the_server_gives_a_new_session_and_no_error(
    own_library: OwnSite, newcomer: NewcomerFactory
) -> None:
    site = own_library()
    visitor = newcomer(site)
    visitor.open()
    old_id = visitor.session_id()
    with site.database() as database:
        database.execute("DELETE FROM exact_sessions_session")
    assert visitor.visit() == 1
    assert visitor.session_id() != old_id


@pytest.mark.promise("X7")
def test_a_made_up_session_id_is_never_taken_over(visitor: Visitor) -> None:
    for made_up in ("a" * 32, "short", "x" * 3000, "..%2F..%2Fetc%2Fpasswd"):
        visitor.plant_session(made_up)
        assert visitor.visit() == 1, made_up
        assert visitor.session_id() != made_up


@pytest.mark.promise("X7")
def test_a_made_up_session_id_leaves_no_row(visitor: Visitor, library_inside: LibrarySite) -> None:
    made_up = "a" * 32
    visitor.plant_session(made_up)
    visitor.open()
    assert not library_inside.holds_session(made_up)


@pytest.mark.promise("X8")
def test_clearing_in_one_tab_shows_in_the_other(visitor: Visitor) -> None:
    other = visitor.new_tab()
    visitor.open()
    assert other.visit() == 2
    visitor.context.clear_cookies()
    visitor.consent()
    assert other.visit() == 1


@pytest.mark.promise("X9")
def test_another_secret_key_begins_anew_unless_the_old_one_still_counts(
    own_library: OwnSite, newcomer: NewcomerFactory
) -> None:
    site = own_library()
    visitor = newcomer(site)
    assert visitor.visit() == 1
    site.restart(SECRET_KEY="the key after a rotation and of the same sort as before", SECRET_KEY_FALLBACKS=SECRET_KEY)
    assert visitor.visit() == 2
    site.restart(SECRET_KEY="a key that nobody has seen before and that is long enough", SECRET_KEY_FALLBACKS="")
    assert visitor.visit() == 1
