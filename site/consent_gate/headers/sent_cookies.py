"""The cookies that a request brought, by one reading for all: what the site is given, and what the dashboard shows.

Django trims a name as Python does, with all white space of Unicode; browsers trim spaces and tabs alone (RFC 6265bis,
section 5.6). So `U+2000 __Host-sessionid`, a name that any neighbour of this site may set, would be read as the
session's own, against all that the prefix promises (section 4.1.3).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import parse_cookie

LARGEST = 4096
"""Bytes of name and value together that a browser keeps at most (RFC 6265bis, section 5.6)."""

_WHITE_SPACE = " \t"


@dataclass(frozen=True, slots=True)
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

    @property
    def reaches_the_site(self) -> bool:
        """Whether the site is given it, as far as its name goes: none that code which trims could take for another."""
        return self.name == self.name.strip()


def sent_cookies(header: str) -> Iterator[SentCookie]:
    """Take a `Cookie` header apart, as WSGI hands it on (bytes in the guise of Latin-1, PEP 3333), and Django's ASGI.

    Nothing is left out: neither the second cookie of one name (it lies at another path or domain), nor one without a
    name, nor one that is no text.
    """
    for part in header.split(";"):
        if not part.strip(_WHITE_SPACE):
            continue
        name, equals, value = part.strip(_WHITE_SPACE).partition("=")
        if not equals:
            name, value = "", name  # RFC 6265bis, section 5.6: a pair without "=" has an empty name
        as_bytes = [_bytes(text.strip(_WHITE_SPACE)) for text in (name, value)]
        texts = [each.decode("utf-8", errors="replace") for each in as_bytes]
        is_text = all(text.encode() == each for text, each in zip(texts, as_bytes, strict=True))
        yield SentCookie(texts[0], texts[1], sum(map(len, as_bytes)), is_text and all(map(str.isprintable, texts)))


def is_plain(header: str) -> bool:
    """Whether Django's own reading of a header comes to the same as the one here; true of all that this site sets."""
    return header.isascii() and header.isprintable()


def given_to_the_site(header: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """What `request.COOKIES` has to hold, and the names that are kept from the site.

    Of two cookies of one name it is the last one that the site reads; quoted values are opened. Both as Django does.
    """
    given: dict[str, str] = {}
    kept_back: dict[str, None] = {}
    for cookie in sent_cookies(header):
        if not cookie.reaches_the_site:
            kept_back[cookie.name] = None
        elif cookie.name or cookie.value:
            given[cookie.name] = _unquoted(cookie.value)
    return given, tuple(kept_back)


def _unquoted(value: str) -> str:
    # With white space around it, a value has no quotes around it; and Django would trim it.
    return parse_cookie(f"={value}").get("", "") if value == value.strip() else value


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", errors="replace")
