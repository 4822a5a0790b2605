"""Takes the pictures of README.md and docs/: `python -m library_suite.pictures FOLDER`.

Real browsers at the site as shipped; the blocked one blocks by its own setting.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright, sync_playwright

from cookie_harness import BrowserSettings, CookiePolicy, Engine, Profile, find_engine
from library_suite.site import LibrarySite, copy_prepared, prepare
from library_suite.visitor import Visitor

WIDE: Any = {"width": 1280, "height": 900}
PHONE: Any = {"width": 390, "height": 844}
MATRIX: Any = {"width": 1400, "height": 900}
EVIDENCE = Path(__file__).resolve().parents[2] / "build" / "evidence" / "index.html"
"""What the latest run of the suite has left."""


def take_pictures(folder: Path) -> None:
    """Write every picture into a folder."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        work = Path(temporary)
        prepare(work / "prepared")
        copy_prepared(work / "prepared", work / "data")
        site = LibrarySite(work / "data", {})
        site.start()
        try:
            _accepting(playwright, find_engine("chromium"), site, work, folder)
            _blocking(playwright, find_engine("firefox"), site, work, folder)
            _dashboards(playwright, find_engine("chromium"), site, work, folder)
        finally:
            site.stop()
        copy_prepared(work / "prepared", work / "data of signed cookies")
        site = LibrarySite(work / "data of signed cookies", {"SESSION_ENGINE": "signed_cookies"})
        site.start()
        try:
            _dashboard_of_signed_cookies(playwright, find_engine("chromium"), site, work, folder)
        finally:
            site.stop()


def take_picture_of_evidence(folder: Path) -> None:
    """Picture the beginning of the matrix, if there was a run of the suite."""
    if not EVIDENCE.is_file():
        print("There is no evidence to picture: run scripts/test first.")
        return
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as temporary,
        _page(playwright, find_engine("chromium"), BrowserSettings(), Path(temporary) / "profile", MATRIX) as page,
    ):
        page.goto(f"{EVIDENCE.as_uri()}#matrix")
        page.screenshot(path=folder / "evidence.png")


def _accepting(playwright: Playwright, engine: Engine, site: LibrarySite, work: Path, folder: Path) -> None:
    with _page(playwright, engine, BrowserSettings(), work / "wide", WIDE) as page:
        page.goto(site.url)
        page.screenshot(path=folder / "banner.png")
        _accept(page)
        for _ in range(2):
            page.goto(site.url)
        page.locator("#visits").evaluate("element => element.scrollIntoView()")
        page.screenshot(path=folder / "home.png")
        page.goto(f"{site.url}/cookies/")
        page.locator("#preferences").evaluate("element => element.scrollIntoView()")
        page.screenshot(path=folder / "cookies.png")
        page.goto(f"{site.url}/books/?q=tolstoy")
        page.screenshot(path=folder / "books.png")
    with _page(playwright, engine, BrowserSettings(dark=True), work / "phone", PHONE) as page:
        page.goto(site.url)
        page.screenshot(path=folder / "banner-dark-phone.png")


def _accept(page: Page) -> None:
    page.get_by_role("button", name="Accept all").click()
    page.get_by_test_id("choice-kept").wait_for()


def _blocking(playwright: Playwright, engine: Engine, site: LibrarySite, work: Path, folder: Path) -> None:
    with _page(playwright, engine, BrowserSettings(cookies=CookiePolicy.BLOCK), work / "blocked", WIDE) as page:
        page.goto(f"{site.url}/cookie-check/")
        page.get_by_role("button", name="Check now").click()
        page.get_by_test_id("cookies-do-not-work").wait_for()
        page.screenshot(path=folder / "cookies-blocked.png")


def _dashboards(playwright: Playwright, engine: Engine, site: LibrarySite, work: Path, folder: Path) -> None:
    """The dashboard in five states, and the workbench."""
    with _visitor(playwright, engine, BrowserSettings(), site, work / "dashboards") as visitor:
        _take_dashboard(visitor, folder / "privacy-undecided.png")
        visitor.refuse()
        _take_dashboard(visitor, folder / "privacy-refused.png")
        visitor.consent()
        visitor.open()
        visitor.open("/books/1/")
        _take_dashboard(visitor, folder / "privacy-granted.png")
        for action in ("set", "change"):
            visitor.open("/privacy/workbench/")
            visitor.page.locator(f'button[value="{action}"]').click()
            visitor.page.locator("#result").wait_for()
        visitor.page.locator("#result").evaluate("element => element.scrollIntoView({block: 'center'})")
        visitor.page.screenshot(path=folder / "workbench.png")
        name = visitor.register()
        for number in range(2):
            with _visitor(playwright, engine, BrowserSettings(), site, work / f"elsewhere-{number}") as elsewhere:
                elsewhere.sign_in(name, remember=number == 0)
        visitor.open("/privacy/")
        visitor.page.locator("#account-sessions").evaluate("element => element.scrollIntoView()")
        visitor.page.screenshot(path=folder / "privacy-sessions.png")
    blocked = BrowserSettings(cookies=CookiePolicy.BLOCK)
    with _visitor(playwright, engine, blocked, site, work / "blocked dashboard") as visitor:
        visitor.open()
        visitor.open("/privacy/")
        visitor.page.locator("#privacy-choice").evaluate("element => element.scrollIntoView()")
        visitor.page.screenshot(path=folder / "privacy-blocked.png")


def _dashboard_of_signed_cookies(
    playwright: Playwright, engine: Engine, site: LibrarySite, work: Path, folder: Path
) -> None:
    with _visitor(playwright, engine, BrowserSettings(), site, work / "signed cookies") as visitor:
        visitor.consent()
        visitor.open()
        visitor.open("/privacy/?reveal=stored")
        visitor.page.locator("#session").evaluate("element => element.scrollIntoView()")
        visitor.page.screenshot(path=folder / "privacy-signed-cookies.png")


def _take_dashboard(visitor: Visitor, path: Path) -> None:
    visitor.open("/privacy/")
    visitor.page.screenshot(path=path)


@contextmanager
def _visitor(
    playwright: Playwright, engine: Engine, settings: BrowserSettings, site: LibrarySite, folder: Path
) -> Iterator[Visitor]:
    browser_type = getattr(playwright, engine.name)
    profile = Profile(folder, engine, browser_type, settings, context_arguments={"viewport": WIDE})
    with closing(profile):
        yield Visitor(profile.open(), site)


@contextmanager
def _page(playwright: Playwright, engine: Engine, settings: BrowserSettings, folder: Path, size: Any) -> Iterator[Page]:
    browser_type = getattr(playwright, engine.name)
    profile = Profile(folder, engine, browser_type, settings, context_arguments={"viewport": size})
    with closing(profile):
        yield profile.open().new_page()


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]))
    take_picture_of_evidence(Path(sys.argv[1]))
