"""Looks into the browsers of one test: what each jar held before and after, what the site sent, how it looked.

Values that open a session are never written down, and nothing that differs between two runs of one test but times, so
that two reports can be compared.
"""

import contextlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Response

from cookie_evidence.promises import SessionLifetime
from cookie_harness.durations import in_words
from cookie_harness.guard import GUARD_COOKIES
from cookie_harness.jar import JarCookie, attributes_in_words, read_jar, set_cookie_lines
from cookie_harness.masking import is_plain
from cookie_harness.policies import BrowserSettings
from cookie_harness.set_cookie import SetCookie, parse_set_cookie

LASTING, UNTIL_CLOSE = SessionLifetime

# Milliseconds: a page that can't be pictured by then goes without.
SCREENSHOT_TIMEOUT = 5000
# Per cent: a picture for reading, of about 30 kB.
JPEG_QUALITY = 30
# What may carry a cookie; an image or a stylesheet would only cost a look.
_WORTH_A_LOOK = {"document", "xhr", "fetch", "other"}
# Characters. A token is no longer, and always as long; a session in a signed cookie is compressed, so that its length
# hangs on the times and ids in it.
_LONGEST_COUNTED = 64


@dataclass(frozen=True)
class SeenCookie:
    """One cookie as a report shows it."""

    name: str
    value: str
    """As it is, if it is a short number or word; else how long it is, or roughly so (`shown_value`)."""
    domain: str
    path: str
    ends: str
    """In words, such as "in 14 days" or "when the browser closes"."""
    http_only: bool
    secure: bool
    same_site: str

    @property
    def attributes(self) -> list[str]:
        """What the browser keeps of it beside its place and its end, as it is written in `Set-Cookie`."""
        return attributes_in_words(http_only=self.http_only, secure=self.secure, same_site=self.same_site)


@dataclass
class SeenBrowser:
    """One browser that a test opened, from its opening to its closing."""

    policy: str
    settings: list[str]
    """What else the visitor set, in words."""
    jar_before: list[SeenCookie] = field(default_factory=list)
    jar_after: list[SeenCookie] = field(default_factory=list)
    set_cookies: list[str] = field(default_factory=list)
    """Each different `Set-Cookie` line, in the order in which it was first seen; values as in the jar."""
    lifetimes: list[str] = field(default_factory=list)
    """The lives that the session cookie was given."""
    screenshot: str | None = None
    """A file's name in the report's folder."""


@dataclass
class _Watched:
    """A browser under observation, with what is still to be read."""

    seen: SeenBrowser
    responses: list[Response] = field(default_factory=list)


class Observer:
    """Watches the browsers of one test."""

    def __init__(self, session_cookie: str, picture: Callable[[int], Path]) -> None:
        """`session_cookie` matches names whose life says how long a session lasts; `picture` names the nth picture."""
        self.seen: list[SeenBrowser] = []
        self.navigations = 0
        """Documents that the browsers received; not part of a report, as a test that polls receives more or fewer."""
        self._session_cookie = re.compile(session_cookie)
        self._picture = picture
        self._watched: dict[BrowserContext, _Watched] = {}

    def start(self, context: BrowserContext, settings: BrowserSettings) -> None:
        """Look into the jar of a browser that was just opened, and listen from now on."""
        seen = SeenBrowser(settings.cookies.value, other_settings(settings), jar_before=seen_jar(read_jar(context)))
        watched = self._watched[context] = _Watched(seen)
        self.seen.append(seen)

        def note(response: Response) -> None:
            self.navigations += response.request.resource_type == "document"
            if response.request.resource_type in _WORTH_A_LOOK:
                watched.responses.append(response)

        context.on("response", note)

    def refuse(self, settings: BrowserSettings) -> None:
        """Note a browser that was asked for and can't be had."""
        self.seen.append(SeenBrowser(settings.cookies.value, other_settings(settings)))

    def stop(self, context: BrowserContext) -> None:
        """Look into the jar of a browser that is about to be closed, and read what the site sent."""
        watched = self._watched.pop(context, None)
        if watched is None:
            return
        jar = read_jar(context)
        watched.seen.jar_after = seen_jar(jar)
        lines = _lines(watched.responses)
        watched.seen.set_cookies = list(dict.fromkeys(shown_line(line) for line in lines))
        watched.seen.lifetimes = sorted(self._lifetimes(lines, jar))
        watched.seen.screenshot = self._take_picture(context)

    def _lifetimes(self, lines: list[SetCookie], jar: tuple[JarCookie, ...]) -> set[str]:
        found: set[str] = set()
        for line in lines:
            if self._session_cookie.fullmatch(line.name) and not line.deletes(time.time()):
                found.add((LASTING if line.has_end else UNTIL_CLOSE).value)
        for cookie in jar:
            if self._session_cookie.fullmatch(cookie.name):
                found.add((UNTIL_CLOSE if cookie.expires is None else LASTING).value)
        return found

    def _take_picture(self, context: BrowserContext) -> str | None:
        """Picture the last page that shows something, if it lets itself be pictured."""
        page = last_page(context)
        if page is None:
            return None
        path = self._picture(len(self.seen))
        with contextlib.suppress(Error):
            page.screenshot(path=path, timeout=SCREENSHOT_TIMEOUT, type="jpeg", quality=JPEG_QUALITY)
            return path.name
        return None


def last_page(context: BrowserContext) -> Page | None:
    """The page opened last that shows something."""
    shown = [page for page in context.pages if not page.is_closed() and page.url != "about:blank"]
    return shown[-1] if shown else None


def _lines(responses: list[Response]) -> list[SetCookie]:
    """Every `Set-Cookie` line that was sent, but the guard's."""
    found: list[str] = []
    for response in responses:
        with contextlib.suppress(Error):  # a page that was closed has taken its responses along
            found += set_cookie_lines(response)
    return [line for line in map(parse_set_cookie, found) if not line.name.startswith(GUARD_COOKIES)]


def other_settings(settings: BrowserSettings) -> list[str]:
    """What the visitor set beside the cookie policy, in words."""
    words = {
        "scripts off": not settings.javascript,
        "dark": settings.dark,
        "Global Privacy Control": settings.gpc,
        "restores its tabs": settings.restore,
        "some sites excepted": bool(settings.allowed),
    }
    return [word for word, holds in words.items() if holds]


def seen_jar(jar: tuple[JarCookie, ...]) -> list[SeenCookie]:
    """A jar as a report shows it, in the order of the names."""
    now = time.time()
    shown = [
        SeenCookie(
            name=cookie.name,
            value=shown_value(cookie.value),
            domain=cookie.domain,
            path=cookie.path,
            ends=ends_in_words(cookie.expires, now),
            http_only=cookie.http_only,
            secure=cookie.secure,
            same_site=cookie.same_site or "",
        )
        for cookie in jar
        if not cookie.name.startswith(GUARD_COOKIES)
    ]
    return sorted(shown, key=lambda cookie: (cookie.name, cookie.domain, cookie.path))


def ends_in_words(expires: float | None, now: float) -> str:
    """Say when a cookie ends, so that runs a second apart say the same."""
    if expires is None:
        return "when the browser closes"
    words = in_words(expires - now)
    return "within two minutes" if "second" in words else f"in {words}"


def shown_value(value: str) -> str:
    """A value that may be shown: a short number or word; of any other its length alone, as tokens differ between runs.

    A length over 64 is given as the powers of two around it: that of a signed session differs too.
    """
    if is_plain(value):
        return value
    length = len(value)
    if length <= _LONGEST_COUNTED:
        return f"‹{length} characters›"
    power = 1 << length.bit_length() - 1
    return f"‹{power} to {2 * power - 1} characters›"


def shown_line(line: SetCookie) -> str:
    """A `Set-Cookie` line as a report shows it: without the value, and without the time of `Expires`."""
    return "; ".join([f"{line.name}={shown_value(line.value.strip(chr(34)))}", *line.undated])
