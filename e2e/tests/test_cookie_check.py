"""Django's test cookie and the page built on it."""

import pytest
from playwright.sync_api import expect

from library_suite.cookie_names import CSRF, SESSION
from library_suite.fixtures import NewcomerFactory, OwnSite
from library_suite.visitor import Visitor


@pytest.mark.promise("T1")
def test_with_cookies_the_check_says_that_they_work(visitor: Visitor) -> None:
    assert visitor.check_cookies()
    expect(visitor.page.get_by_role("status")).to_contain_text("Cookies work in this browser")
    assert SESSION in visitor.jar()


@pytest.mark.promise("T2")
def test_with_cookies_blocked_the_check_says_so_and_how_to_allow_them(blocker: Visitor) -> None:
    assert not blocker.check_cookies()
    expect(blocker.page.get_by_role("alert")).to_contain_text("Cookies don't work in this browser")
    expect(blocker.page.get_by_role("heading", name="What does not work without them")).to_be_visible()
    own_browser = blocker.page.get_by_role("group").first
    expect(own_browser).to_contain_text("Firefox" if "Firefox" in _user_agent(blocker) else "Chrome")
    assert blocker.jar() == {}


@pytest.mark.promise("T3")
def test_the_result_without_a_check_leads_to_the_check_and_to_no_error(stranger: Visitor) -> None:
    stranger.open("/cookie-check/result/")
    expect(stranger.page.get_by_role("button", name="Check now")).to_be_visible()


@pytest.mark.promise("T4")
def test_reloading_the_result_gives_the_same_answer(visitor: Visitor, blocker: Visitor) -> None:
    visitor.check_cookies()
    visitor.page.reload()
    expect(visitor.page.get_by_test_id("cookies-work")).to_be_visible()
    blocker.check_cookies()
    blocker.page.reload()
    expect(blocker.page.get_by_test_id("cookies-do-not-work")).to_be_visible()


@pytest.mark.promise("T5")
def test_cookies_cleared_during_the_check_fail_it_and_a_second_one_succeeds(visitor: Visitor) -> None:
    visitor.check_cookies()
    visitor.context.clear_cookies()
    visitor.page.reload()
    expect(visitor.page.get_by_test_id("cookies-do-not-work")).to_be_visible()
    visitor.page.get_by_role("button", name="Check again").click()
    expect(visitor.page.get_by_test_id("cookies-work")).to_be_visible()


@pytest.mark.promise("T6")
def test_no_cookie_is_called_testcookie(visitor: Visitor) -> None:
    visitor.open()
    visitor.check_cookies()
    assert "testcookie" not in visitor.jar()


@pytest.mark.promise("T10")
def test_registering_says_that_the_test_cookie_worked_and_so_does_the_console(
    own_library: OwnSite, newcomer: NewcomerFactory
) -> None:
    site = own_library()
    visitor = newcomer(site)
    visitor.open()
    assert ">>>> TEST COOKIE WORKED!" not in site.console
    visitor.open("/accounts/register/")
    expect(visitor.page.get_by_test_id("test-cookie-worked")).to_be_visible()
    assert site.console.count(">>>> TEST COOKIE WORKED!") == 1
    visitor.page.reload()
    assert site.console.count(">>>> TEST COOKIE WORKED!") == 1, "the mark was deleted when it was read"


@pytest.mark.promise("T10")
def test_registering_with_cookies_blocked_says_that_none_came_back(blocker: Visitor) -> None:
    blocker.open()
    blocker.open("/accounts/register/")
    expect(blocker.page.get_by_test_id("test-cookie-missing")).to_be_visible()


@pytest.mark.promise("T8")
def test_checking_does_not_disturb_the_count(visitor: Visitor) -> None:
    assert visitor.visit() == 1
    visitor.check_cookies()
    assert visitor.visit() == 2


@pytest.mark.promise("T9")
def test_the_check_passes_in_two_tabs_at_once(visitor: Visitor) -> None:
    other = visitor.new_tab()
    visitor.open("/cookie-check/")
    other.open("/cookie-check/")
    visitor.page.get_by_role("button", name="Check now").click()
    other.page.get_by_role("button", name="Check now").click()
    expect(visitor.page.get_by_test_id("cookies-work")).to_be_visible()
    expect(other.page.get_by_test_id("cookies-work")).to_be_visible()


@pytest.mark.promise("U5")
def test_the_check_works_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.open("/cookie-check/")
    visitor.page.get_by_role("button", name="Check now").focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_test_id("cookies-work")).to_be_visible()


def _user_agent(visitor: Visitor) -> str:
    return str(visitor.page.evaluate("navigator.userAgent"))


@pytest.mark.promise("N6")
def test_a_form_with_a_token_works_where_the_browser_has_no_cookie_for_it(
    stranger: Visitor, blocker: Visitor, visitor: Visitor
) -> None:
    """As in a form by the Django tutorial, which writes a token into the page of every visitor."""
    for anybody in (blocker, stranger):
        send_with_token(anybody)
        works, does_not = (anybody.page.get_by_test_id(each) for each in ("cookies-work", "cookies-do-not-work"))
        expect(works if anybody is stranger else does_not).to_be_visible()
    visitor.visit()
    visitor.open("/preferences/")
    assert CSRF in visitor.jar()
    send_with_token(visitor)
    expect(visitor.page.get_by_test_id("form-refused")).to_be_visible()


def send_with_token(visitor: Visitor) -> None:
    """Send the check's form with a token that nobody handed out."""
    visitor.open("/cookie-check/")
    button = visitor.page.get_by_role("button", name="Check now")
    button.evaluate(
        """button => button.form.insertAdjacentHTML(
            "beforeend", `<input type="hidden" name="csrfmiddlewaretoken" value="${"x".repeat(64)}">`)"""
    )
    button.click()
