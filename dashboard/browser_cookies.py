"""The cookies that a request brought, as the browser sent them: also those that the gate hides from other views."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.cookies import CookieError, Morsel
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from consent.declarations import CookieDeclaration, Declarations, Purpose
from consent.sent_cookies import SentCookie, sent_cookies
from dashboard.endings import Ending, declared_ending
from dashboard.masking import is_secret

if TYPE_CHECKING:
    from consent.declarations import Text


class State(StrEnum):
    """What the gate makes of a cookie."""

    IN_ORDER = "in order"
    UNDECLARED = "undeclared"
    NOT_CONSENTED = "not consented"

    @property
    def text(self) -> "Text":
        """The state in words."""
        return _STATES[self]


_STATES: "dict[State, Text]" = {
    State.IN_ORDER: _("in order"),
    State.UNDECLARED: _("undeclared"),
    State.NOT_CONSENTED: _("not consented, being deleted"),
}


@dataclass(frozen=True)
class BrowserCookie:
    """A cookie that came, and what is known of it."""

    sent: SentCookie
    declaration: CookieDeclaration | None
    state: State
    ends: Ending
    times_sent: int

    @property
    def name(self) -> str:
        return self.sent.name

    @property
    def purpose(self) -> Purpose | None:
        """What it is for; nobody knows of an undeclared one."""
        return self.declaration.purpose if self.declaration else None

    @property
    def is_secret(self) -> bool:
        """Whether pages mask its value."""
        return is_secret(self.declaration)

    @property
    def can_be_deleted(self) -> bool:
        """Whether a response can name it: some names that browsers keep can't be written by a server."""
        try:
            morsel: Morsel[str] = Morsel()
            morsel.set(self.name, "", "")
        except CookieError:
            return False
        return True


def browser_cookies(
    header: str,
    declared: Declarations[CookieDeclaration],
    granted: Collection[Purpose],
    known_endings: Mapping[str, Ending],
) -> tuple[BrowserCookie, ...]:
    """All cookies of a header with what is declared of them, by purpose and then by name.

    `known_endings` tells of single cookies more than their declaration does.
    """
    sent = list(sent_cookies(header))
    times_sent = Counter(cookie.name for cookie in sent)
    found = [
        BrowserCookie(
            cookie,
            declaration := declared.find(cookie.name) if cookie.reaches_the_site else None,
            _state(declaration, granted),
            known_endings.get(cookie.name) or declared_ending(declaration),
            times_sent[cookie.name],
        )
        for cookie in sent
    ]
    return tuple(sorted(found, key=_place))


def _state(declaration: CookieDeclaration | None, granted: Collection[Purpose]) -> State:
    if declaration is None:
        return State.UNDECLARED
    return State.IN_ORDER if declaration.purpose in granted else State.NOT_CONSENTED


def _place(cookie: BrowserCookie) -> tuple[int, str]:
    purposes = list(Purpose)
    return (purposes.index(cookie.purpose) if cookie.purpose else len(purposes), cookie.name)
