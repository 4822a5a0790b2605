"""Walks through a site in one browser, one page after the other, and writes down what it keeps there.

It sends GET requests alone, as a person does who follows links, but for the answer to the banner.
"""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Request, Response
from playwright.sync_api import TimeoutError as NothingCame

from cookie_audit.links import Frontier, origin_of
from cookie_audit.observation import (
    ConsentState,
    KeptCookie,
    Observation,
    OpenedPage,
    OtherHost,
    SetCookieLine,
    StoredItem,
)
from cookie_harness import read_jar, set_cookie_lines
from cookie_harness.set_cookie import parse_set_cookie

# Milliseconds: until a page that does not load is left; until a banner that scripts bring must be there; until a button
# that was pressed must be gone.
PAGE_PATIENCE = 20_000
BANNER_PATIENCE = 3_000
PRESS_PATIENCE = 10_000
# Seconds that requests which a page still has under way may take: a cookie may come with their answers.
SETTLE_PATIENCE = 2.0
_SLICE = 250

_LINKS = "Array.from(document.links).filter(link => !link.hasAttribute('download')).map(link => String(link.href))"
# A page that may not look into a store (a sandboxed one) keeps nothing there.
_STORES = """async () => {
    const keys = look => { try { return look(); } catch { return []; } };
    return {
        localStorage: keys(() => Object.keys(localStorage)),
        sessionStorage: keys(() => Object.keys(sessionStorage)),
        IndexedDB: await indexedDB.databases().then(all => all.map(each => each.name), () => []),
    };
}"""


class SiteUnreachable(RuntimeError):
    """The site does not open; the message is one sentence."""


class ButtonMissing(RuntimeError):
    """The button that answers the banner is not there, or stays where it is; the message is one sentence."""


@dataclass
class _Notes:
    """What a crawl writes down, in the order in which it was first seen."""

    pages: list[OpenedPage] = field(default_factory=list)
    lines: dict[tuple[str, ...], SetCookieLine] = field(default_factory=dict)
    stored: dict[tuple[str, str], StoredItem] = field(default_factory=dict)
    hosts: dict[str, OtherHost] = field(default_factory=dict)


class Crawler:
    """A visitor to one site, in one browser context, through several states of consent."""

    def __init__(self, context: BrowserContext, url: str, limit: int) -> None:
        """`limit` is how many pages each crawl opens at most."""
        self.start = url
        self._context = context
        self._limit = limit
        self._page = context.new_page()
        self._page.set_default_timeout(PAGE_PATIENCE)
        self._where = url
        self._is_html = False
        self._under_way: set[Request] = set()
        self._responses: list[Response] = []
        self._notes = _Notes()
        # Where each was first seen: they stay from one state to the next.
        self._cookies: dict[tuple[str, str, str], str] = {}
        self._stored: dict[tuple[str, str], StoredItem] = {}
        self._page.on("request", self._note_request)
        self._page.on("response", self._note_response)
        self._page.on("requestfinished", self._note_end)
        self._page.on("requestfailed", self._note_end)

    def arrive(self) -> None:
        """Open the site for the first time: where it leads from the address that was given, it begins from now on.

        Raises `SiteUnreachable`.
        """
        opened = self._open(self.start, follow=True)
        if opened.status is None or opened.status >= 400:  # noqa: PLR2004 -- HTTP's border between answers and errors
            raise SiteUnreachable(f"{self.start} can't be opened: {opened.note or f'it answers with {opened.status}'}.")
        self.start = self._page.url

    def crawl(self, state: ConsentState) -> Observation:
        """Follow the site's links from its start, and say what was seen since the last crawl and what is kept now."""
        frontier = Frontier(self.start)
        opened = 0
        while opened < self._limit and (url := frontier.take()) is not None:
            self._notes.pages.append(self._open(url))
            opened += 1
            frontier.add(self._links())
        return self._observation(state)

    def press(self, selector: str | None, name: str) -> None:
        """Open the start page and press a button there, by a Playwright selector or else by its accessible name.

        Raises `ButtonMissing`.
        """
        self._open(self.start)
        self._notes = _Notes()  # that page was still one of the state before
        words = f"the button “{selector or name}”"
        self._where = f"(pressing {words})"
        found = self._page.locator(selector) if selector else self._page.get_by_role("button", name=name, exact=True)
        button = found.first
        try:
            button.wait_for(timeout=BANNER_PATIENCE)
        except NothingCame as error:
            raise ButtonMissing(f"{words} is not on {self.start}") from error
        try:
            button.click(timeout=PRESS_PATIENCE)
            button.wait_for(state="hidden", timeout=PRESS_PATIENCE)
        except NothingCame as error:
            raise ButtonMissing(f"{words} on {self.start} can't be pressed, or stays when it was") from error
        self._page.wait_for_load_state("load")
        self._look()

    def _open(self, url: str, *, follow: bool = False) -> OpenedPage:
        """Open an address; where a redirect leads to another host is left at once, unless it is followed."""
        self._where, self._is_html = url, False
        try:
            response = self._page.goto(url, wait_until="commit")
            status = response.status if response else None
            reached = self._page.url
            if not follow and origin_of(reached) != origin_of(url):
                self._page.goto("about:blank")
                self._under_way.clear()  # broken off, which not every browser tells of
                self._look()
                return OpenedPage(url, status, f"leads to {reached}")
            self._page.wait_for_load_state("load")
            self._is_html = response is not None and "html" in response.headers.get("content-type", "")
            self._look()
        except Error as error:
            self._is_html = False
            return OpenedPage(url, None, error.message.partition("\n")[0])
        return OpenedPage(url, status)

    def _links(self) -> list[str]:
        """The links of the page that is open, if it is one of this site."""
        if not self._is_page_of_this_site():
            return []
        links: list[str] = self._page.evaluate(_LINKS)
        return links

    def _is_page_of_this_site(self) -> bool:
        return self._is_html and origin_of(self._page.url) == origin_of(self.start)

    def _look(self) -> None:
        """Wait for what the page has under way, and write down what came of it."""
        self._settle()
        responses, self._responses[:] = list(self._responses), []
        for line in self._lines_of(responses):
            self._notes.lines.setdefault(line.kind, line)
        for cookie in read_jar(self._context):
            self._cookies.setdefault((cookie.name, cookie.domain, cookie.path), self._where)
        if self._is_page_of_this_site():
            for store, keys in self._page.evaluate(_STORES).items():
                for key in keys:
                    item = self._stored.setdefault((store, key), StoredItem(store, key, self._where))
                    self._notes.stored[store, key] = item

    def _settle(self) -> None:
        deadline = time.monotonic() + SETTLE_PATIENCE
        while self._under_way and time.monotonic() < deadline:
            # A request may also fail, which is another event: so never wait long for this one.
            with contextlib.suppress(NothingCame):
                self._page.wait_for_event("requestfinished", timeout=_SLICE)
        self._under_way.clear()

    def _lines_of(self, responses: list[Response]) -> Iterator[SetCookieLine]:
        now = time.time()
        for response in responses:
            with contextlib.suppress(Error):  # a response that was broken off has no headers to read
                for sent in map(parse_set_cookie, set_cookie_lines(response)):
                    yield SetCookieLine(sent, response.url, self._where, deletes=sent.deletes(now))

    def _note_request(self, request: Request) -> None:
        self._under_way.add(request)
        if request.is_navigation_request() and request.frame.parent_frame is None:
            return  # where the page itself went is noted with it
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(self.start).netloc:
            self._notes.hosts.setdefault(parts.netloc, OtherHost(parts.netloc, self._where))

    def _note_response(self, response: Response) -> None:
        self._responses.append(response)

    def _note_end(self, request: Request) -> None:
        self._under_way.discard(request)

    def _observation(self, state: ConsentState) -> Observation:
        notes, self._notes = self._notes, _Notes()
        jar = read_jar(self._context)
        return Observation(
            state,
            tuple(notes.pages),
            tuple(
                KeptCookie(each, self._cookies.get((each.name, each.domain, each.path), self._where)) for each in jar
            ),
            tuple(notes.lines.values()),
            tuple(notes.stored.values()),
            tuple(notes.hosts.values()),
            time.time(),
        )
