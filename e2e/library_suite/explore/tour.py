"""A guided tour of the library in the browser that a class looks at: what matters about cookies, in five minutes."""

from collections.abc import Iterator

from playwright.sync_api import Page

from library_suite.explore.errors import ExploreError
from library_suite.visitor import Counter


def walk(page: Page, home: str) -> Iterator[str]:
    """Take the tour step by step, from the address `home`; each comment is given when what went before it has happened.

    Raises `ExploreError` where `home` is not the library.
    """
    yield "Tour, 1 of 4: the home page."
    _open(page, home)
    if page.get_by_test_id(Counter.NUM_VISITS.value).count() == 0:
        raise ExploreError(f"The tour goes through the library, and {home} is another site: leave out --tour there.")
    yield _counts(page)
    if page.get_by_test_id("cookie-banner").is_visible():
        yield "Tour, 2 of 4: “Accept all” in the banner."
        yield _accept(page)
    else:
        yield "Tour, 2 of 4: no banner asks, as the site knows the answer by a cookie or by Global Privacy Control."
    yield "Tour, 3 of 4: the home page, twice."
    for _ in range(2):
        _open(page, home)
        yield _counts(page)
    yield "Tour, 4 of 4: the cookie check."
    _open(page, f"{home.rstrip('/')}/cookie-check/")
    yield _check(page)
    yield "The tour is over: the browser is yours."


def _open(page: Page, address: str) -> None:
    with page.expect_event("requestfinished", lambda request: request.is_navigation_request()):
        page.goto(address)


def _accept(page: Page) -> str:
    address = page.url
    # The page asks for itself anew once it has its answer, which counts as a visit: the next one must not overtake it.
    with page.expect_event("requestfinished", lambda request: request.url == address):
        page.get_by_test_id("cookie-banner").get_by_role("button", name="Accept all").click()
    kept = page.get_by_test_id("choice-kept")
    kept.or_(page.get_by_test_id("choice-lost")).wait_for()
    return f"The page says that the answer was {'kept' if kept.count() else 'lost: no cookie came back'}."


def _counts(page: Page) -> str:
    number = {each: page.get_by_test_id(each.value).get_by_test_id("number").inner_text() for each in Counter}
    return (
        f"The page counts: visit {number[Counter.NUM_VISITS]} by the session, {number[Counter.IN_COOKIES]} by cookies, "
        f"{number[Counter.IN_SESSION]} by the session with an interval."
    )


def _check(page: Page) -> str:
    with page.expect_event("requestfinished", lambda request: "/cookie-check/result/" in request.url):
        page.get_by_role("button", name="Check now").click()
    works = page.get_by_test_id("cookies-work")
    works.or_(page.get_by_test_id("cookies-do-not-work")).wait_for()
    return f"The page says that cookies {'work' if works.count() else 'do not work'}."
