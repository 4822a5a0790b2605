"""The administration's pages, and the toolbar of the demo: nothing that is not declared there either."""

import pytest
from playwright.sync_api import ConsoleMessage, Page

from library_suite.accessibility import faint_texts
from library_suite.cookie_names import CHOICE, CSRF, SESSION
from library_suite.fixtures import NewcomerFactory, SharedSite
from library_suite.site import LibrarySite
from library_suite.visitor import PASSWORD, Visitor

STORES = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map((each) => each.name), ...await caches.keys(),
]"""
BESIDE_A_SESSION = {CHOICE, SESSION, CSRF}
LIST = "/admin/catalog/book/"
FORM = "/admin/catalog/book/1/change/"
FOLDS = ".theme-toggle, #toggle-nav-sidebar, details:not(details details) > summary"
"""What a librarian may fold up or switch over; Django's own scripts remember each of them."""
PAPER = {"rgb(255, 253, 247)": "light", "rgb(32, 28, 23)": "dark"}
PAGES = (
    "/admin/",
    "/admin/catalog/",
    LIST,
    f"{LIST}?language__id__exact=1&q=the",
    FORM,
    "/admin/catalog/book/1/history/",
    "/admin/catalog/book/1/delete/",
    "/admin/catalog/book/add/?_popup=1",
    "/admin/catalog/genre/add/",
    "/admin/catalog/bookinstance/add/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
    "/admin/password_change/",
)


@pytest.fixture
def librarian(newcomer: NewcomerFactory, library_inside: LibrarySite) -> Visitor:
    """Signed in, with the banner unanswered."""
    visitor = newcomer(library_inside, consents=False)
    visitor.sign_in(library_inside.make_librarian(PASSWORD), remember=False)
    return visitor


def kept_in(page: Page) -> list[str]:
    """The names of all that the browser keeps for the page's site, cookies aside."""
    names: list[str] = page.evaluate(STORES)
    return names


def colours_of(visitor: Visitor) -> str:
    """The colour scheme of a list and a form of the administration, on which each text can be told from its ground."""
    for path in (LIST, FORM):
        visitor.open(path)
        assert faint_texts(visitor.page) == [], path
    return PAPER[visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")]


@pytest.mark.promise("C24")
def test_the_administration_keeps_nothing_but_declared_cookies(librarian: Visitor) -> None:
    complaints: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    librarian.page.on("console", note_message)
    librarian.page.on("pageerror", lambda error: complaints.append(str(error)))
    librarian.refuse()
    for path in PAGES:
        assert librarian.open(path).status == 200, path
        for fold in librarian.page.locator(FOLDS).all():
            fold.click()
        assert kept_in(librarian.page) == [], path
    assert set(librarian.jar()) == BESIDE_A_SESSION
    assert complaints == []


@pytest.mark.promise("C24")
def test_the_administration_asks_and_takes_an_answer_back(librarian: Visitor) -> None:
    librarian.open(LIST)
    librarian.answer_banner("Accept all")
    librarian.open()
    assert {"visits", "last_visit"} <= set(librarian.jar())
    librarian.open(f"{LIST}?language__id__exact=1")
    assert librarian.banner.count() == 0
    librarian.page.get_by_role("button", name="Withdraw my consent").click()
    librarian.page.get_by_test_id("choice-kept").wait_for()
    assert set(librarian.jar()) == BESIDE_A_SESSION
    assert librarian.open(LIST).status == 200, "and the librarian is still signed in"
    assert librarian.page.get_by_role("button", name="Withdraw my consent").count() == 0


@pytest.mark.promise("C24")
def test_the_administration_has_the_devices_colours_or_the_preferred_ones(
    newcomer: NewcomerFactory, library_inside: LibrarySite
) -> None:
    visitor = newcomer(library_inside, dark=True)
    visitor.sign_in(library_inside.make_librarian(PASSWORD), remember=False)
    assert colours_of(visitor) == "dark"
    visitor.open("/preferences/")
    visitor.page.get_by_role("radio", name="Light").check()
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Set the colours").click()
    assert colours_of(visitor) == "light"


@pytest.mark.promise("C25")
def test_the_demo_stores_nothing_until_its_toolbar_is_opened(
    newcomer: NewcomerFactory, library_with: SharedSite
) -> None:
    visitor = newcomer(library_with(DEBUG="true"), consents=False)
    handle = visitor.page.locator("#djShowToolBarButton")
    panels = visitor.page.locator("#djDebugPanelList")
    for path in ("/", "/books/", "/privacy/"):
        visitor.open(path)
        handle.wait_for()
        visitor.page.wait_for_load_state("networkidle")
        assert kept_in(visitor.page) == [], path
        assert visitor.jar() == {}
    handle.click()
    panels.wait_for()
    panels.get_by_role("link", name="SQL").click()
    visitor.page.locator("#SQLPanel .djdt-scroll").wait_for()
    visitor.open("/")
    panels.wait_for()
    visitor.page.locator("#djHideToolBarButton").click()
    handle.wait_for()
    assert visitor.jar() == {}, "the toolbar's cookie is for its switches"
