"""What the site last sent to each visitor, for developers: kept in this process's memory, and never for long."""

import hashlib
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http.cookies import Morsel
from threading import Lock

from consent_gate.api import LONGEST_NAME, Verdict, cut

MOST_RESPONSES = 20
"""Kept of each visitor."""

MOST_VISITORS = 40

MOST_HIDDEN = 50
"""Cookies named of one request: it may bring tens of thousands."""


@dataclass(frozen=True)
class HiddenCookie:
    """A cookie that came and that no view saw. `expires`: the response deletes it."""

    name: str
    expires: bool


@dataclass(frozen=True)
class SentResponse:
    """One response as it left, secret values masked. `status` is None where strict mode raised an error instead."""

    at: datetime
    method: str
    path: str
    status: int | None
    set_cookie: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    hidden: tuple[HiddenCookie, ...]
    hidden_left_out: int
    """How many more were hidden than `hidden` names."""


def hidden_cookies(hidden: Iterable[str], expiring: Iterable[str]) -> tuple[HiddenCookie, ...]:
    """The first of the cookies that were hidden, those that the response deletes before the others."""
    expired = set(expiring)
    ranked = sorted(hidden, key=lambda name: name not in expired)[:MOST_HIDDEN]
    return tuple(HiddenCookie(cut(name, LONGEST_NAME), expires=name in expired) for name in ranked)


class LastResponses:
    """The newest responses of the visitors who were here last; the oldest of both go first. Threads may share it.

    Visitors are told apart by the value of their session cookie, of which a digest is kept. Whoever has none can't be
    told from anybody else, and nothing is kept.
    """

    def __init__(self, *, responses: int = MOST_RESPONSES, visitors: int = MOST_VISITORS) -> None:
        self._responses = responses
        self._visitors = visitors
        self._kept: OrderedDict[str, deque[SentResponse]] = OrderedDict()
        self._lock = Lock()

    def add(self, response: SentResponse | None, *, came_with: str | None, left_with: str | None) -> None:
        """Keep a response; None keeps nothing new.

        `came_with` and `left_with` are the session cookie's value before and after it. What was kept follows to another
        value, and goes with a session that ended.
        """
        with self._lock:
            kept = self._kept.pop(_digest(came_with), None) if came_with else None
            if not left_with or (kept is None and response is None):
                return
            kept = deque(maxlen=self._responses) if kept is None else kept
            if response:
                kept.appendleft(response)
            self._kept[_digest(left_with)] = kept
            while len(self._kept) > self._visitors:
                self._kept.popitem(last=False)

    def of(self, session_cookie: str) -> tuple[SentResponse, ...]:
        """The responses to the visitor with this session cookie, newest first."""
        with self._lock:
            return tuple(self._kept.get(_digest(session_cookie), ()))


def _digest(session_cookie: str) -> str:
    return hashlib.sha256(session_cookie.encode(errors="backslashreplace")).hexdigest()


def session_after(came_with: str | None, sent: Iterable["Morsel[str]"], *, session_cookie: str) -> str | None:
    """The session cookie's value that a browser has after a response, by the cookies in it; None for none."""
    for morsel in sent:
        if morsel.key == session_cookie:
            return morsel.value or None
    return came_with
