"""The cookies that a request brought, as the browser sent them: also those that the gate hides from other views."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.cookies import CookieError, Morsel
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from consent.declarations import CookieDeclaration, Declarations, Purpose
from dashboard.endings import Ending, declared_ending
from dashboard.masking import is_secret

if TYPE_CHECKING:
    from consent.declarations import Text

LARGEST = 4096
"""Bytes of name and value together that a browser keeps at most (RFC 6265bis, section 5.6)."""


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
class SentCookie:
    """One cookie of a `Cookie` header. `value` is text, with � for bytes that are no UTF-8; `size` counts the bytes."""

    name: str
    value: str
    size: int
    is_text: bool

    @property
    def is_oversized(self) -> bool:
        """Whether no browser would keep it: then something else has sent it."""
        return self.size > LARGEST


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


def sent_cookies(header: str) -> Iterator[SentCookie]:
    """Take a `Cookie` header apart, as WSGI hands it on (bytes in the guise of Latin-1, PEP 3333).

    Nothing is left out: neither the second cookie of one name (it lies at another path or domain), nor one without a
    name, nor one that is no text.
    """
    for part in header.split(";"):
        if not part.strip(" \t"):
            continue
        name, equals, value = part.strip(" \t").partition("=")
        if not equals:
            name, value = "", name  # RFC 6265bis, section 5.6: a pair without "=" has an empty name
        as_bytes = [_bytes(text.strip(" \t")) for text in (name, value)]
        texts = [each.decode("utf-8", errors="replace") for each in as_bytes]
        is_text = all(text.encode() == each for text, each in zip(texts, as_bytes, strict=True))
        yield SentCookie(texts[0], texts[1], sum(map(len, as_bytes)), is_text and all(map(str.isprintable, texts)))


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
    names = [cookie.name for cookie in sent]
    found = [
        BrowserCookie(
            cookie,
            declaration := declared.find(cookie.name),
            _state(declaration, granted),
            known_endings.get(cookie.name) or declared_ending(declaration),
            names.count(cookie.name),
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


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", errors="replace")
