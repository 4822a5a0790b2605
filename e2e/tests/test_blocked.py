"""The site for visitors who block cookies in their browser."""

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Request, expect

from cookie_harness import BrowserSettings, CookiePolicy, EchoSite, Engine
from library_suite.addresses import PAGES
from library_suite.fixtures import BrowserAt, NewcomerFactory, OwnSite
from library_suite.site import Site
from library_suite.visitor import Counter, Visitor


@pytest.mark.promise("B1")
def test_ten_visits_each_look_like_the_first(blocker: Visitor) -> None:
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(request.all_headers().get("cookie", ""))

    blocker.page.on("requestfinished", note)
    for _ in range(10):
        assert blocker.open().status == 200
        assert [blocker.count(counter) for counter in Counter] == [1, 1, 1]
    assert len(sent) >= 10
    assert set(sent) == {""}
    assert blocker.jar() == {}


@pytest.mark.promise("B4")
def test_every_page_works_with_cookies_blocked(blocker: Visitor) -> None:
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    blocker.page.on("console", note)
    blocker.page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PAGES:
        assert blocker.open(path).status == 200, path
        expect(blocker.page.get_by_role("heading", level=1)).to_be_visible()
    assert complaints == []


@pytest.mark.promise("B4")
def test_searching_and_paging_work_with_cookies_blocked(blocker: Visitor) -> None:
    blocker.open()
    blocker.page.get_by_role("searchbox", name="Search the books").fill("garcia marquez")
    blocker.page.get_by_role("button", name="Search").click()
    expect(blocker.page.get_by_role("link", name="One Hundred Years of Solitude")).to_be_visible()
    blocker.open("/books/")
    blocker.page.get_by_role("navigation", name="Results on a page").get_by_role("link", name="10", exact=True).click()
    blocker.page.get_by_role("link", name="Next").click()
    current = blocker.page.get_by_role("navigation", name="Results on a page").locator("[aria-current]")
    expect(current).to_have_text("10")
    expect(blocker.page.get_by_role("navigation", name="Pages").locator("[aria-current]")).to_have_text("2")


@pytest.mark.promise("B2")
def test_blocked_visits_leave_nothing_but_checks_that_clearsessions_removes(
    own_library: OwnSite, newcomer: NewcomerFactory
) -> None:
    site = own_library()
    blocker = newcomer(site, cookies=CookiePolicy.BLOCK)
    for path in PAGES:
        blocker.open(path)
    assert site.session_count() == 0, "what a visitor has not agreed to makes no session"
    for _ in range(3):
        assert not blocker.check_cookies()
    assert site.session_count() == 3, "a test cookie that does not come back leaves its row"
    site.manage("clearsessions")
    assert site.session_count() == 3
    with site.database() as database:
        database.execute("UPDATE exact_sessions_session SET expire_date = '2020-01-01 00:00:00'")
    site.manage("clearsessions")
    assert site.session_count() == 0


@pytest.mark.promise("B3")
def test_the_sites_verdict_is_right_although_the_engines_disagree_on_cookie_enabled(
    blocker: Visitor, engine: Engine
) -> None:
    assert not blocker.check_cookies()
    # Blocked Chromium answers "true" here: whoever asks navigator.cookieEnabled is misled.
    assert blocker.page.evaluate("navigator.cookieEnabled") is (engine.name == "chromium")


@pytest.mark.promise("B5")
def test_blocking_and_allowing_again_resumes_the_old_count(browser_at: BrowserAt, library: Site) -> None:
    browser = browser_at(library)
    assert browser.visitor.visit() == 1
    assert browser.visitor.visit() == 2
    before = browser.visitor.session_id()
    blocker = browser.reopen(BrowserSettings(cookies=CookiePolicy.BLOCK))
    assert blocker.visit() == 1
    assert blocker.session_id() == before, "blocking leaves what was stored before in the jar"
    visitor = browser.reopen(BrowserSettings(cookies=CookiePolicy.ACCEPT))
    assert visitor.visit() == 3


@pytest.mark.promise("B7")
def test_blocking_third_party_cookies_alone_leaves_the_counter_working(newcomer: NewcomerFactory) -> None:
    visitor = newcomer(cookies=CookiePolicy.BLOCK_THIRD_PARTY, consents=True)
    assert [visitor.visit() for _ in range(3)] == [1, 2, 3]
    assert visitor.count(Counter.IN_COOKIES) == visitor.count(Counter.IN_SESSION) == 1
    assert visitor.check_cookies()


@pytest.mark.promise("B8")
def test_an_allowed_host_counts_while_another_one_stays_blocked(
    newcomer: NewcomerFactory, library: Site, other_host: str, echo_site: EchoSite
) -> None:
    allowed = newcomer(cookies=CookiePolicy.BLOCK, allowed=(library.url, echo_site.url))
    allowed.consent()
    blocked = allowed.at(library, other_host)
    assert [allowed.visit() for _ in range(3)] == [1, 2, 3]
    assert [blocked.visit() for _ in range(3)] == [1, 1, 1]
    assert allowed.visit() == 4
    assert blocked.jar() == {}


@pytest.mark.promise("B6")
def test_an_injected_session_cookie_stays_in_the_jar_and_is_not_sent(visitor: Visitor, blocker: Visitor) -> None:
    visitor.open()
    visitor.open()
    blocker.plant_session(visitor.session_id())
    assert blocker.visit() == 1


@pytest.mark.promise("B9")
def test_signing_in_ends_on_a_page_that_says_why_not_and_what_to_do(blocker: Visitor, visitor: Visitor) -> None:
    blocker.fill_in_sign_in(visitor.register(), remember=True)
    blocker.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(blocker.page.get_by_role("alert")).to_contain_text("You are not signed in: no cookie came back")
    expect(blocker.page.get_by_role("heading", name="How to allow cookies")).to_be_visible()
    blocker.page.get_by_role("main").get_by_role("link", name="Sign in again").click()
    expect(blocker.page.get_by_label("Username")).to_be_visible()


@pytest.mark.promise("T7")
def test_the_sites_own_form_needs_no_cookie_and_another_sites_is_refused_in_words(
    blocker: Visitor, echo_site: EchoSite
) -> None:
    blocker.fill_in_sign_in("nobody", remember=False)
    blocker.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(blocker.page.get_by_text("Please enter a correct username and password")).to_be_visible()
    blocker.page.goto(f"{echo_site.other_url}/received")
    with blocker.page.expect_response("**/accounts/sign-in/") as refused:
        blocker.page.evaluate(
            """address => {
                const form = Object.assign(document.createElement('form'), {method: 'post', action: address});
                document.body.append(form);
                form.submit();
            }""",
            f"{blocker.address}/accounts/sign-in/",
        )
    assert refused.value.status == 403
    expect(blocker.page.get_by_role("alert")).to_contain_text("The form came without its cookie")
    expect(blocker.page.get_by_role("heading", name="How to allow cookies")).to_be_visible()
    blocker.page.get_by_role("link", name="Open the form again").click()
    expect(blocker.page.get_by_label("Username")).to_be_visible()


@pytest.mark.promise("U1")
def test_the_notice_is_announced_and_leads_to_the_help_by_keyboard_alone(blocker: Visitor) -> None:
    blocker.open("/accounts/register/")
    with blocker.page.expect_navigation(url="**/cookie-check/"):
        enter(blocker, blocker.page.get_by_role("status").get_by_role("link", name="Check your browser"))
    with blocker.page.expect_navigation(url="**/cookie-check/result/**"):
        enter(blocker, blocker.page.get_by_role("button", name="Check now"))
    expect(blocker.page.get_by_role("alert")).to_contain_text("Cookies don't work in this browser")
    another_browser = blocker.page.get_by_role("group").nth(1)
    expect(another_browser.get_by_role("list")).to_be_hidden()
    enter(blocker, another_browser.locator("summary"))
    expect(another_browser.get_by_role("list")).to_be_visible()


def enter(visitor: Visitor, target: Locator) -> None:
    """Press Enter on something that the keyboard stops at in the page's own order."""
    # Not by Tab all the way: after a navigation Firefox over BiDi does not always come back from it.
    target.focus()
    assert target.evaluate("element => [element === document.activeElement, element.tabIndex]") == [True, 0]
    visitor.page.keyboard.press("Enter")


@pytest.mark.promise("B10")
def test_the_check_needs_no_javascript(newcomer: NewcomerFactory) -> None:
    blocker = newcomer(cookies=CookiePolicy.BLOCK, javascript=False)
    blocker.open("/cookie-check/")
    blocker.page.get_by_role("button", name="Check now").focus()
    # By keyboard, and without waiting for "visible": without scripts Firefox never reports an element as stable.
    with blocker.page.expect_navigation(url="**/cookie-check/result/**"):
        blocker.page.keyboard.press("Enter")
    assert blocker.page.get_by_test_id("cookies-do-not-work").count() == 1
