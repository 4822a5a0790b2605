"""Looks on while somebody uses the browser, and says what leaves and enters its jar."""

import time
from collections import deque
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Error, Request
from playwright.sync_api import TimeoutError as NothingHappened

from cookie_harness import read_jar, set_cookie_lines
from library_suite.explore.exchanges import Exchange, exchange_line, refused_lines
from library_suite.explore.jar_changes import Jar, change_lines

# Milliseconds between two looks while the browser asks no site: cookies also come from scripts, end by themselves, or
# are deleted in the browser's own settings, of which nobody is told.
QUIET = 1000
# What a page, or a script on it, asks for; all else is a picture, a style sheet or the like.
_PAGES = {"document", "fetch", "xhr"}


class Watcher:
    """Says in the terminal what happens in one browser, from its making on."""

    def __init__(self, context: BrowserContext, home: str, jar: Jar, say: Callable[[str], None]) -> None:
        """`jar` is what the jar held at the last look; `home` is an address of the site."""
        self.jar = jar
        self.closed = False
        """Whether the browser has ended, or has no page left: Firefox has a window that Playwright does not know."""
        self._context = context
        self._home = home
        self._say = say
        self._finished: deque[Request] = deque()
        # The handlers only note: whatever asks the browser something is done by `look`.
        context.on("requestfinished", self._note_finished)
        context.on("close", self._note_close)

    def wait(self) -> None:
        """Wait until the browser has asked for something, was closed, or a second has gone by; then look."""
        try:
            self._context.wait_for_event("requestfinished", timeout=QUIET)
        except NothingHappened:
            # Now, and not when a page is closed: another one may be about to take its place.
            self.closed = self.closed or not self._context.pages
        except Error:
            if not self._ended():
                raise
        self.look()

    def look(self) -> None:
        """Say what happened since the last look."""
        exchanges = []
        while self._finished:
            if (exchange := self._read(self._finished.popleft())) is not None:
                exchanges.append(exchange)
        try:
            after = read_jar(self._context)
        except Error:
            if not self._ended():
                raise
            after = self.jar  # nobody can look any more
        self._tell(exchanges, after)

    def _tell(self, exchanges: list[Exchange], after: Jar) -> None:
        now = time.time()
        lines = [line for exchange in exchanges if (line := exchange_line(exchange, self._home)) is not None]
        changes = change_lines(self.jar, after, now) + refused_lines(exchanges, self.jar, after, now)
        if changes and not lines:
            lines = ["Without a request:"]
        for line in lines + [f"  {change}" for change in changes]:
            self._say(line)
        self.jar = after

    def _read(self, request: Request) -> Exchange | None:
        """Ask for both sides' headers; None if the page, or the browser, was closed before they could be had."""
        try:
            response = request.response()
            if response is None:
                return None
            return Exchange(
                method=request.method,
                url=request.url,
                status=response.status,
                cookie=request.all_headers().get("cookie", ""),
                set_cookie=tuple(set_cookie_lines(response)),
                is_page=request.resource_type in _PAGES,
            )
        except Error:
            return None

    def _note_finished(self, request: Request) -> None:
        self._finished.append(request)

    def _note_close(self, _: BrowserContext) -> None:
        self.closed = True

    def _ended(self) -> bool:
        return self.closed
