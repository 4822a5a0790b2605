"""Writes down what a browser context asks, gets and stores, in the order in which it was first seen."""

import contextlib
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Request, Response

from cookie_audit.observation import CarriedCookie, OpenedPage, OtherHost, ScriptWrite, SetCookieLine, StoredItem
from cookie_harness import set_cookie_lines
from cookie_harness.set_cookie import parse_set_cookie

_WEB = ("http", "https", "ws", "wss")
# A hostile page may write without end: so much of each kind is noted.
_MOST = 1000
_MOST_TOLD = 50
_WHERE_A_SCRIPT_IS = re.compile(r"((?:https?|blob):[^\s()]+?):(\d+):(\d+)\)?$")
# The recorder's own two functions come first in each stack (`scripts/writes.js`).
_OWN_FRAMES = 2


@dataclass
class Notes:
    """What one state brought to light."""

    pages: list[OpenedPage] = field(default_factory=list)
    lines: dict[tuple[str, ...], SetCookieLine] = field(default_factory=dict)
    stored: dict[tuple[str, str, str], StoredItem] = field(default_factory=dict)
    hosts: dict[str, OtherHost] = field(default_factory=dict)
    writes: dict[tuple[str, str, str], ScriptWrite] = field(default_factory=dict)
    sent: dict[tuple[str, str], CarriedCookie] = field(default_factory=dict)


class Notebook:
    """Listens to one browser context. `where` is what is being done, as it will stand beside what comes of it."""

    def __init__(self, context: BrowserContext, where: str) -> None:
        self.where = where
        self.home = ""
        """The site's own host and port: all others are noted as such."""
        self.notes = Notes()
        self.under_way: set[Request] = set()
        self.received = 0
        """Bytes of bodies, as their headers tell."""
        self._ended: list[Request] = []
        self._responses: list[Response] = []
        context.on("request", self._begin)
        context.on("response", self._answer)
        context.on("requestfinished", self._end)
        context.on("requestfailed", self._end)
        context.expose_binding("cookieAuditNote", lambda _, told: self._write(told))

    def new_page(self) -> None:
        """Begin a state: what was noted belongs to the one before."""
        self.notes = Notes()

    def forget_answer(self) -> None:
        """What an answer carried was sent before it was given, and what is stored then may be on its way out."""
        self.notes.sent.clear()
        self.notes.hosts.clear()
        self.notes.stored.clear()

    def read(self) -> None:
        """Read the headers of all that has ended since the last time."""
        ended, self._ended[:] = list(self._ended), []
        responses, self._responses[:] = list(self._responses), []
        for request in ended:
            with contextlib.suppress(Error):  # a request that was broken off has no headers to read
                self._sent(request)
        for response in responses:
            with contextlib.suppress(Error):
                for line in self._lines_of(response):
                    self._set(line)

    def _begin(self, request: Request) -> None:
        self.under_way.add(request)
        if not _is_pages_own(request) and self._is_elsewhere(request.url):
            self._host(request.url)

    def _answer(self, response: Response) -> None:
        self._responses.append(response)
        if response.request.service_worker:  # whose end Chromium tells only if the worker reads the body
            self.under_way.discard(response.request)

    def _end(self, request: Request) -> None:
        self.under_way.discard(request)
        self._ended.append(request)

    def _sent(self, request: Request) -> None:
        parts = urlsplit(request.url)
        header = _headers_of(request).get("cookie", "")
        names = tuple(name for pair in header.split(";") if (name := pair.partition("=")[0].strip()))
        for name in names:
            carried = CarriedCookie(name, parts.hostname or "", request.url, self.where)
            self._keep(self.notes.sent, (name, parts.netloc), carried)
        if names and not _is_pages_own(request) and self._is_elsewhere(request.url):
            self._host(request.url, carried=names)

    def _lines_of(self, response: Response) -> Iterator[SetCookieLine]:
        length = response.headers.get("content-length", "")
        self.received += int(length) if length.isdecimal() else 0
        now = time.time()
        lines = [] if response.request.service_worker else set_cookie_lines(response)
        for sent in map(parse_set_cookie, lines):
            yield SetCookieLine(sent, response.url, self.where, deletes=sent.deletes(now))

    def _set(self, line: SetCookieLine) -> None:
        self._keep(self.notes.lines, line.kind, line)
        if not line.deletes and self._is_elsewhere(line.url) and urlsplit(line.url).netloc in self.notes.hosts:
            self._host(line.url, sets=(line.sent.name,))

    def _host(self, url: str, carried: tuple[str, ...] = (), sets: tuple[str, ...] = ()) -> None:
        netloc = urlsplit(url).netloc
        self._keep(self.notes.hosts, netloc, OtherHost(netloc, self.where, url))
        if known := self.notes.hosts.get(netloc):
            self.notes.hosts[netloc] = replace(
                known,
                carried=tuple(dict.fromkeys((*known.carried, *carried))),
                sets=tuple(dict.fromkeys((*known.sets, *sets))),
                told=known.told if len(known.told) >= _MOST_TOLD else tuple(dict.fromkeys((*known.told, url))),
            )

    def _is_elsewhere(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in _WEB and parts.netloc != self.home

    def _write(self, told: object) -> None:
        """Note what `scripts/writes.js` tells. Any page can call it too: what has another form is left out."""
        if not isinstance(told, Mapping) or not isinstance(told.get("what"), list):
            return
        texts = [str(each) for each in told["what"]]
        store, name, line = str(told.get("store")), *_written(str(told.get("store")), texts)
        if name and not (line and parse_set_cookie(line).deletes(time.time())):
            written = ScriptWrite(
                store, name, line, script_in(str(told.get("stack"))), str(told.get("page")), self.where
            )
            if store == "Storage":
                written = replace(written, store=texts[0])
            self._keep(self.notes.writes, (written.store, name, urlsplit(written.page).netloc), written)

    @staticmethod
    def _keep(notes: dict[Any, Any], key: object, value: object) -> None:
        if len(notes) < _MOST:
            notes.setdefault(key, value)


def script_in(stack: str) -> str:
    """The script that wrote, with line and column, out of a stack as either engine words it; "" if it does not say."""
    found = [match for line in stack.splitlines() if (match := _WHERE_A_SCRIPT_IS.search(line))]
    own = sum("@" in line for line in stack.splitlines()[:_OWN_FRAMES])  # Chromium gives the recorder no address
    script = next(iter(found[own:]), None)
    return ":".join(script.groups()) if script else ""


def _written(store: str, what: list[str]) -> tuple[str, str]:
    """The name of what was written, and for a cookie by `document.cookie` the line."""
    if store == "document.cookie":
        return parse_set_cookie(what[0]).name, what[0]
    if store == "Storage":
        return what[1], ""
    return what[0], ""


def _headers_of(request: Request) -> dict[str, str]:
    """All headers; of a service worker's own request those known at once, as Chromium may never tell the rest."""
    return request.headers if request.service_worker else request.all_headers()


def _is_pages_own(request: Request) -> bool:
    """Whether it is where the page itself went, which is noted with the page."""
    try:
        return request.is_navigation_request() and request.frame.parent_frame is None
    except Error:  # a service worker's
        return False
