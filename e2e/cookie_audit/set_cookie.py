"""Reads a `Set-Cookie` line as it came over the wire."""

import contextlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from cookie_audit.observation import SetCookieLine


def read_line(line: str, *, url: str, first_seen: str, now: datetime) -> SetCookieLine:
    """Take a line apart."""
    pair, *attributes = (part.strip() for part in line.split(";"))
    name, _, value = pair.partition("=")
    read = SetCookieLine(name.strip(), value, tuple(attributes), url, first_seen, deletes=False)
    return SetCookieLine(read.name, value, read.attributes, url, first_seen, deletes=_deletes(read, now))


def kind_of(line: SetCookieLine) -> tuple[str, ...]:
    """What lines of one kind have in common: the cookie's name and its attributes but for the date of its end."""
    lasting = (each.lower() for each in line.attributes if not each.lower().startswith("expires="))
    return (line.name, *sorted(lasting))


def _deletes(line: SetCookieLine, now: datetime) -> bool:
    """Whether the line only takes a cookie away: its end is past (RFC 6265, 5.3: Max-Age outranks Expires)."""
    if (age := line.attribute("Max-Age")) is not None:
        with contextlib.suppress(ValueError):
            return int(age) <= 0
    if expires := line.attribute("Expires"):
        with contextlib.suppress(ValueError, TypeError):
            end = parsedate_to_datetime(expires)
            return (end if end.tzinfo else end.replace(tzinfo=UTC)) <= now
    return False
