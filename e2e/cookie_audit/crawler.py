"""Walks through a site in one browser, one page after the other, and writes down what it keeps there.

It sends GET requests alone, as a person does who follows links, but for the answer to the banner.
"""

import contextlib
import time
from dataclasses import replace
from functools import cache
from importlib.resources import files

from playwright.sync_api import BrowserContext, Error, Page, Response
from playwright.sync_api import TimeoutError as NothingCame

from cookie_audit.limits import Budget, is_this_machine
from cookie_audit.links import Frontier, host_of, origin_of
from cookie_audit.notebook import Notebook
from cookie_audit.observation import ConsentState, KeptCookie, Observation, OpenedPage, Press, StoredItem
from cookie_audit.robots import Robots
from cookie_audit.watchdog import Watchdog
from cookie_harness import JarCookie, read_jar

# Seconds that requests which a page still has under way may take: a cookie may come with their answers.
SETTLE_PATIENCE = 2.0
_SLICE = 250
_MOST_ITEMS = 1000
# What Playwright says of a page that another one replaced.
_IN_THE_WAY = "interrupted by another navigation"
_TRIES_TO_LEAVE = 3

_LINKS = "Array.from(document.links).filter(link => !link.hasAttribute('download')).map(link => String(link.href))"
_LINES = "(document.body?.innerText ?? '').slice(0, 50000).split(/\\n+/).map(line => line.trim()).filter(Boolean)"


class SiteUnreachable(RuntimeError):
    """The site does not open; the message is one sentence."""


class Crawler:
    """A visitor to one site, in one browser context, through several states of consent."""

    def __init__(self, context: BrowserContext, url: str, budget: Budget, robots: Robots, watchdog: Watchdog) -> None:
        self.start = url
        self.context = context
        self._budget = budget
        self._robots = robots
        self._watchdog = watchdog
        self._notebook = Notebook(context, url)
        context.add_init_script(script("writes.js"))
        self.page: Page = context.new_page()
        self.page.set_default_timeout(budget.page_patience)
        self._windows: list[Page] = []
        context.on("page", self._note_window)
        self._is_html = False
        # Whether the start page is open as a newcomer finds it.
        self._has_just_arrived = False
        # Where each was first seen: they stay from one state to the next.
        self._cookies: dict[tuple[str, str, str], str] = {}
        self._stored: dict[tuple[str, str, str], StoredItem] = {}
        # What was kept when somebody looked last: a browser that was ended can't be asked.
        self._jar: tuple[JarCookie, ...] = ()

    def arrive(self) -> None:
        """Open the site for the first time: where it leads from the address that was given, it begins from now on.

        Raises `SiteUnreachable`.
        """
        opened = self._open(self.start, follow=True)
        if opened.status is None or opened.status >= 400:  # noqa: PLR2004 -- HTTP's border between answers and errors
            raise SiteUnreachable(f"{self.start} can't be opened: {opened.note or f'it answers with {opened.status}'}.")
        self.start = self.page.url
        self._notebook.home = host_of(self.start)
        self._notebook.notes.hosts.pop(self._notebook.home, None)
        self._has_just_arrived = True

    def open_start(self) -> None:
        """Open the start page, unless the visitor has just come to it."""
        if not self._has_just_arrived:
            self._open(self.start)

    def crawl(self, state: ConsentState, presses: tuple[Press, ...] = (), purpose: str = "") -> Observation:
        """Follow the site's links from its start, and say what was seen since the last crawl and what is kept now.

        Where the browser has to be ended meanwhile, it says what was seen until then.
        """
        try:
            self._follow_links()
            self._watchdog.begin(f"reading what {state.value} left")
            self._jar = read_jar(self.context)
        except Error:
            if not self._watchdog.bitten_at:
                raise
        return self._observation(state, presses, purpose)

    def _follow_links(self) -> None:
        frontier = Frontier(self.start)
        pages = self._notebook.notes.pages
        while len(pages) < self._budget.limits.pages and (url := frontier.take()) is not None:
            if why := self._budget.spent():
                pages.append(OpenedPage(url, None, f"not opened: {why}"))
                break
            if not self._robots.allow(url):
                pages.append(OpenedPage(url, None, "not opened: robots.txt asks to leave it alone"))
                continue
            opened = self._open(url)
            pages.append(replace(opened, lines=frozenset(self._asked(_LINES))))
            frontier.add(self._asked(_LINKS))

    def leave(self) -> None:
        """Leave the site, so that no page is left that a browser could restore."""
        self.page.goto("about:blank")

    def begin_state(self, words: str) -> None:
        """An answer is about to be given: what comes from now on belongs to the next state."""
        self._has_just_arrived = False
        self._notebook.new_page()
        self._notebook.where = words
        self._watchdog.begin(words)

    def end_answer(self) -> None:
        """The answer was given: write down what came of it."""
        with contextlib.suppress(Error):
            self.page.wait_for_load_state("load")
            self._look()
        self._notebook.forget_answer()

    def jar(self) -> tuple[KeptCookie, ...]:
        """What the browser keeps now."""
        self._jar = read_jar(self.context)
        return self._kept()

    def _kept(self) -> tuple[KeptCookie, ...]:
        """The jar as it was read last."""
        places = ((each, (each.name, each.domain, each.path)) for each in self._jar)
        return tuple(KeptCookie(each, self._cookies.get(place, self._notebook.where)) for each, place in places)

    def _open(self, url: str, *, follow: bool = False) -> OpenedPage:
        """Open an address; where a redirect leads to another host is left at once, unless it is followed."""
        self._notebook.where, self._is_html, self._has_just_arrived = url, False, False
        self._watchdog.begin(url)
        try:
            self._wait_politely(url)
            response = self._go(url)
            status = response.status if response else None
            reached = self.page.url
            if not follow and origin_of(reached) != origin_of(url):
                self.page.goto("about:blank")
                self._notebook.under_way.clear()  # broken off, which not every browser tells of
                self._look()
                return OpenedPage(url, status, f"leads to {reached}")
            note = self._wait_until_loaded()
            self._is_html = response is not None and "html" in response.headers.get("content-type", "")
            self._look()
        except Error as error:
            if self._watchdog.bitten_at:
                raise
            self._is_html = False
            self._notebook.under_way.clear()  # what the page had begun may never end
            if isinstance(error, NothingCame):
                self._renew_page()
            return OpenedPage(url, None, error.message.partition("\n")[0])
        return OpenedPage(url, status, note)

    def _renew_page(self) -> None:
        """Go on in another window: one that is stuck, as in dialogs without end, would hold up all that follows."""
        stuck, self.page = self.page, self.context.new_page()
        self.page.set_default_timeout(self._budget.page_patience)
        with contextlib.suppress(Error):
            stuck.close()

    def _go(self, url: str) -> Response | None:
        """Go to an address, also from a page that keeps going elsewhere by itself, which may get in the way."""
        for _ in range(_TRIES_TO_LEAVE):
            try:
                return self.page.goto(url, wait_until="commit")
            except Error as error:
                if _IN_THE_WAY not in error.message:
                    raise
        try:
            self.page.goto("about:blank")
        except Error as error:  # by now it may be one of the tries above that gets in the way
            if _IN_THE_WAY not in error.message:
                raise
            self._renew_page()
        return self.page.goto(url, wait_until="commit")

    def _wait_until_loaded(self) -> str:
        """Wait for the page; what it loads for ever is no reason not to look at what is there."""
        try:
            self.page.wait_for_load_state("load")
        except NothingCame:
            self._notebook.under_way.clear()
            return f"does not end loading within {self._budget.limits.page_seconds:g} seconds"
        return ""

    def _wait_politely(self, url: str) -> None:
        if not is_this_machine(host_of(url).partition(":")[0]):
            self.page.wait_for_timeout(1000 * self._robots.delay(self._budget.limits.delay))

    def _asked(self, question: str) -> list[str]:
        """What the page that is open says of itself, if it is one of this site."""
        if not self._is_page_of_this_site():
            return []
        try:
            answer: list[str] = self.page.evaluate(question)
        except Error:  # the page went elsewhere by itself
            return []
        return answer

    def _is_page_of_this_site(self) -> bool:
        return self._is_html and origin_of(self.page.url) == origin_of(self.start)

    def _look(self) -> None:
        """Wait for what the page has under way, and write down what came of it."""
        self._settle()
        self._close_windows()
        self._notebook.read()
        self._budget.received += self._notebook.received
        self._notebook.received = 0
        self._jar = read_jar(self.context)
        for cookie in self._jar:
            self._cookies.setdefault((cookie.name, cookie.domain, cookie.path), self._notebook.where)
        if self._is_page_of_this_site():
            self._look_into_stores()

    def _look_into_stores(self) -> None:
        for frame in self.page.frames:
            origin = origin_of(frame.url)
            if not origin.startswith("http"):
                continue
            with contextlib.suppress(Error):
                for store, key, value in frame.evaluate(script("stores.js"))[:_MOST_ITEMS]:
                    place = (store, key, "" if origin == origin_of(self.start) else origin)
                    item = StoredItem(store, key, self._notebook.where, place[2], value)
                    self._notebook.notes.stored[place] = self._stored.setdefault(place, item)

    def _settle(self) -> None:
        deadline = time.monotonic() + SETTLE_PATIENCE
        under_way = self._notebook.under_way
        while under_way and time.monotonic() < deadline:
            # A request may also fail, which is another event: so never wait long for this one.
            with contextlib.suppress(NothingCame):
                self.page.wait_for_event("requestfinished", timeout=_SLICE)
        under_way.clear()

    def _note_window(self, window: Page) -> None:
        self._windows.append(window)

    def _close_windows(self) -> None:
        windows, self._windows[:] = list(self._windows), []
        for window in windows:
            if window is not self.page:
                with contextlib.suppress(Error):
                    window.close()

    def _observation(self, state: ConsentState, presses: tuple[Press, ...], purpose: str) -> Observation:
        notes = self._notebook.notes
        self._notebook.new_page()
        return Observation(
            state,
            tuple(notes.pages),
            self._kept(),
            tuple(notes.lines.values()),
            tuple(notes.stored.values()),
            tuple(notes.hosts.values()),
            time.time(),
            tuple(notes.writes.values()),
            tuple(notes.sent.values()),
            presses,
            purpose,
            cut_short=self._watchdog.why,
        )


@cache
def script(name: str) -> str:
    """A script of this package, as it runs in pages."""
    return (files("cookie_audit") / "scripts" / name).read_text(encoding="utf-8")
