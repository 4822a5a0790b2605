"""The cookies that a request brought, as the browser sent them: also those that the gate hides from other views."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from consent_gate.api import (
    LONGEST_NAME,
    PURPOSES,
    CookieDeclaration,
    Declarations,
    Purpose,
    SentCookie,
    can_be_named,
    cut,
    in_short,
    is_secret,
    sent_cookies,
)
from privacy_dashboard.expiries import Expiry, declared_expiry

if TYPE_CHECKING:
    from consent_gate.api import Text


MOST_SHOWN = 50
"""Cookies that a page lists and an export describes one by one. Browsers keep no more than 180 for a site, but whoever
writes a request by hand may send tens of thousands, and has to pay for them in proportion."""


class CookieState(StrEnum):
    """What the gate makes of a cookie."""

    IN_ORDER = "in order"
    UNDECLARED = "undeclared"
    NOT_CONSENTED = "not consented"

    @property
    def text(self) -> "Text":
        """The state in words."""
        return _STATES[self]


_STATES: "dict[CookieState, Text]" = {
    CookieState.IN_ORDER: _("in order"),
    CookieState.UNDECLARED: _("undeclared"),
    CookieState.NOT_CONSENTED: _("not consented, being deleted"),
}


@dataclass(frozen=True)
class BrowserCookie:
    """A cookie that came, and what is known of it."""

    sent: SentCookie
    declaration: CookieDeclaration | None
    state: CookieState
    ends: Expiry
    times_sent: int
    is_read: bool
    """Whether it is the last of its name: the one that the site reads, if the gate allows it."""

    @property
    def name(self) -> str:
        return self.sent.name

    @property
    def purpose(self) -> Purpose | None:
        """What it is for; None for an undeclared one."""
        return self.declaration.purpose if self.declaration else None

    @property
    def is_secret(self) -> bool:
        """Whether pages mask its value."""
        return is_secret(self.declaration)

    @property
    def can_be_deleted(self) -> bool:
        """Whether a response can name it: some names that browsers keep can't be written by a server."""
        return can_be_named(self.name)

    @property
    def short_name(self) -> str:
        """The name as the page shows it."""
        return cut(self.name, LONGEST_NAME)

    @property
    def is_name_cut(self) -> bool:
        """Whether the name is longer than the page shows."""
        return len(self.name) > LONGEST_NAME

    @property
    def short_value(self) -> str:
        """The value as the page shows it unasked."""
        return in_short(self.sent.value, secret=self.is_secret)


@dataclass(frozen=True)
class Selection:
    """The cookies that are shown one by one, and the others, in the order of both."""

    shown: tuple[BrowserCookie, ...]
    others: tuple[BrowserCookie, ...]


def browser_cookies(
    header: str,
    declared: Declarations[CookieDeclaration],
    granted: Collection[Purpose],
    known_expiries: Mapping[str, Expiry],
) -> tuple[BrowserCookie, ...]:
    """All cookies of a header with what is declared of them, by purpose and then by name.

    `known_expiries` tells of single cookies more than their declaration does.
    """
    sent = list(sent_cookies(header))
    times_sent = Counter(cookie.name for cookie in sent)
    last = {cookie.name: cookie for cookie in sent}
    found = [
        BrowserCookie(
            cookie,
            declaration := declared.find(cookie.name) if cookie.reaches_the_site else None,
            _state(declaration, granted),
            known_expiries.get(cookie.name) or declared_expiry(declaration),
            times_sent[cookie.name],
            last[cookie.name] is cookie,
        )
        for cookie in sent
    ]
    return tuple(sorted(found, key=_place))


def select(cookies: Sequence[BrowserCookie], most: int = MOST_SHOWN) -> Selection:
    """Choose what is shown one by one: what is declared comes first, and of each name what the site reads."""
    ranked = sorted(range(len(cookies)), key=lambda i: (cookies[i].declaration is None, not cookies[i].is_read))
    chosen = set(ranked[:most])
    return Selection(
        tuple(cookie for i, cookie in enumerate(cookies) if i in chosen),
        tuple(cookie for i, cookie in enumerate(cookies) if i not in chosen),
    )


def _state(declaration: CookieDeclaration | None, granted: Collection[Purpose]) -> CookieState:
    if declaration is None:
        return CookieState.UNDECLARED
    return CookieState.IN_ORDER if declaration.purpose in granted else CookieState.NOT_CONSENTED


def _place(cookie: BrowserCookie) -> tuple[int, str]:
    return (PURPOSES.index(cookie.purpose) if cookie.purpose else len(PURPOSES), cookie.name)
