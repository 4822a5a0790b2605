"""Reads a `Set-Cookie` line as browsers do: RFC 6265, section 5.2."""

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"-?\d+")
# Seconds: no date is further away.
_LONGEST = 1e11


@dataclass(frozen=True)
class SetCookie:
    """One line, taken apart."""

    name: str
    value: str
    attributes: tuple[str, ...] = ()
    """As they were written, in their order."""

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, "" for one without a value, None for one that is not there.

        Of two with one name the last counts (RFC 6265, section 5.3).
        """
        for each in reversed(self.attributes):
            found, _, value = each.partition("=")
            if found.strip().lower() == name.lower():
                return value.strip()
        return None

    @property
    def undated(self) -> tuple[str, ...]:
        """The attributes without the date of `Expires`, which differs from one response to the next."""
        return tuple(each for each in self.attributes if not each.lower().startswith("expires="))

    @property
    def has_end(self) -> bool:
        """Whether it says when the cookie ends, whatever the browser does."""
        return self.attribute("Max-Age") is not None or self.attribute("Expires") is not None

    def lives_for(self, now: float) -> float | None:
        """Seconds that it asks for; None for until the browser closes. `now` is in seconds since the epoch.

        Max-Age outranks Expires, and what can't be read is left out (RFC 6265, section 5.3).
        """
        if (age := self.attribute("Max-Age")) is not None and _SECONDS.fullmatch(age):
            return min(float(age), _LONGEST)
        if expires := self.attribute("Expires"):
            with contextlib.suppress(ValueError, TypeError, OverflowError):
                end = parsedate_to_datetime(expires)
                return (end if end.tzinfo else end.replace(tzinfo=UTC)).timestamp() - now
        return None

    def deletes(self, now: float) -> bool:
        """Whether it only takes a cookie away: its end is past. `now` is in seconds since the epoch."""
        left = self.lives_for(now)
        return left is not None and left <= 0


def parse_set_cookie(line: str) -> SetCookie:
    """Take a line apart."""
    pair, *attributes = (part.strip() for part in line.split(";"))
    name, _, value = pair.partition("=")
    return SetCookie(name.strip(), value.strip(), tuple(attributes))
