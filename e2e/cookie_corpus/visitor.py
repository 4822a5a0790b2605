"""A visitor who walks through a site by its table's own selectors, and what the site did meanwhile.

No part of the audit: it looks into the browser's stores and into the server's log.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Error, Locator, Page

from cookie_corpus.server import PATHS, CorpusServer
from cookie_corpus.table import IDENTIFIER, Store
from cookie_harness import JarCookie, read_jar

OpenContext = Callable[[bool], BrowserContext]
"""Opens an isolated browser; with Global Privacy Control if true."""

# Milliseconds until a step of the table must have something to press, and until a page must have loaded.
STEP_PATIENCE = 8_000
PAGE_PATIENCE = 30_000

# Milliseconds until a link that lies below something else is given up.
_OVERLAY_PATIENCE = 1_500

_STORES = """async () => [
    ...Object.keys(localStorage).map(key => ["localStorage", key]),
    ...Object.keys(sessionStorage).map(key => ["sessionStorage", key]),
    ...(await indexedDB.databases()).map(each => ["IndexedDB", each.name]),
]"""


class StepMissing(RuntimeError):
    """A step of the table finds nothing to press; the message is one sentence."""


@dataclass(frozen=True)
class SeenState:
    """What a site had done by the end of one state of consent."""

    jar: tuple[JarCookie, ...]
    stored: frozenset[tuple[Store, str]]
    sent: frozenset[str]
    """Names of the cookies that the browser sent in this state, to whomever."""
    hosts: frozenset[str]
    """Other hosts that were asked in this state."""

    @property
    def kept(self) -> frozenset[str]:
        """Names of the cookies in the jar, whoever's they are."""
        return frozenset(each.name for each in self.jar)


@dataclass(frozen=True)
class SeenSite:
    """What a visitor saw of a site; a state is missing where the banner has no way into it."""

    states: dict[str, SeenState]
    """By the name of the state, `gpc`, or `alone:PURPOSE`."""
    revived: frozenset[str]
    """Cookies that came back with the value that they had before the visitor deleted all of them."""
    ticked: int
    """Boxes on the banner's layers that were on, and could be switched off, before anybody touched them."""
    is_usable: bool
    """Whether the page can be read and used while the banner waits for an answer."""


def look_at(server: CorpusServer, open_context: OpenContext) -> SeenSite:
    """Walk through a site in every state that its table has steps for; raises `StepMissing`."""
    steps = server.site.steps
    states: dict[str, SeenState] = {}
    revived: frozenset[str] = frozenset()
    with _visit(server, open_context) as visit:
        states["undecided"] = visit.walk()
        is_usable = visit.is_usable()
        ticked = visit.ticked(steps.boxes)
        if steps.accept:
            visit.press(steps.accept)
            states["granted"] = visit.walk()
            revived = visit.revived(states["granted"])
            if steps.withdraw:
                visit.press(steps.withdraw)
                states["withdrawn"] = visit.walk()
    if steps.refuse:
        with _visit(server, open_context) as visit:
            visit.press(steps.refuse)
            states["refused"] = visit.walk()
    for purpose in [each for each in steps.alone if each in server.site.purposes and len(server.site.purposes) > 1]:
        with _visit(server, open_context) as visit:
            visit.press(steps.alone[purpose])
            states[f"alone:{purpose}"] = visit.walk()
    with _visit(server, open_context, gpc=True) as visit:
        states["gpc"] = visit.walk()
    return SeenSite(states, revived, ticked, is_usable)


class _SiteVisit:
    """One visitor in one isolated browser."""

    def __init__(self, server: CorpusServer, context: BrowserContext) -> None:
        self._server = server
        self._context = context
        self._page = context.new_page()
        self._asked_before = len(server.log)

    def walk(self) -> SeenState:
        """Open pages, and the links that stand for an act or lead on; say what was seen since the last walk."""
        links = [f"{first}/{each.name}" for each in self._server.site.traces if (first := _LINKED.get(each.by))]
        for path in (*PATHS[:2], *links, PATHS[0]):
            self._open(path)
        asked, self._asked_before = self._server.log[self._asked_before :], len(self._server.log)
        return SeenState(
            read_jar(self._context),
            frozenset((store, key) for store, key in self._page.evaluate(_STORES)),
            frozenset(name for each in asked for name in each.cookies),
            frozenset(each.host for each in asked if each.host != "127.0.0.1"),
        )

    def press(self, steps: tuple[str, ...]) -> None:
        """Go back to the first page and press what the table says, one after the other."""
        self._open(PATHS[0])
        for step in steps:
            try:
                _found(self._page, step).click(timeout=STEP_PATIENCE)
            except Error as error:
                raise StepMissing(f"{self._server.site.name}: nothing to press at “{step}”: {error.message}") from error
            self._settle()
        # What is seen from now on is of the next state, and so is what the answer itself brought: it asked for it.
        self._asked_before = len(self._server.log)

    def is_usable(self) -> bool:
        """Whether the page shows what it is about, and its links can be pressed."""
        if not self._page.locator("main p").first.is_visible():
            return False
        try:
            self._page.locator("nav a").first.click(trial=True, timeout=_OVERLAY_PATIENCE)
        except Error:
            return False
        return True

    def ticked(self, steps: tuple[str, ...]) -> int:
        """Open what holds the boxes, and count those that are on."""
        self.press(steps)
        boxes = "input:checked:not(:disabled), [role=switch][aria-checked=true]:not(:disabled)"
        return sum(each.locator(boxes).count() for each in self._page.frames)

    def revived(self, before: SeenState) -> frozenset[str]:
        """Delete every cookie, come back, consent again, and say which have the value that they had."""
        values = {each.name: each.value for each in before.jar}
        self._context.clear_cookies()
        self.press(self._server.site.steps.accept)
        again = self.walk()
        same = {each.name for each in again.jar if values.get(each.name) == each.value}
        return frozenset(each.name for each in self._server.site.traces if each.value == IDENTIFIER) & same

    def _open(self, path: str) -> None:
        self._page.goto(f"{self._server.url.rstrip('/')}{path}", wait_until="load", timeout=PAGE_PATIENCE)
        self._settle()

    def _settle(self) -> None:
        """Until the page's own scripts have done what they began; a manager does not tell: until it is quiet."""
        if self._server.package:
            self._page.wait_for_load_state("networkidle")
        else:
            self._page.wait_for_load_state("load")
            self._page.evaluate("async () => { await Promise.all(window.pending ?? []); }")


_LINKED = {"redirect": "/go", "act": "/act"}


def _found(page: Page, step: str) -> Locator:
    """What a step of the table speaks of: a selector, or one in a frame after `frame selector |`."""
    frame, is_framed, selector = step.rpartition(" | ")
    return (page.frame_locator(frame).locator(selector) if is_framed else page.locator(selector)).first


@contextmanager
def _visit(server: CorpusServer, open_context: OpenContext, *, gpc: bool = False) -> Iterator[_SiteVisit]:
    context = open_context(gpc)
    try:
        yield _SiteVisit(server, context)
    finally:
        context.close()
