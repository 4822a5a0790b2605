"""An outgoing cookie as a browser will understand it, whichever way a response carries it.

Source: RFC 6265bis, section 5.6, "The Set-Cookie Header Field", and for dates section 5.1.1.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from http.cookies import Morsel
from typing import NamedTuple

LONGEST_ATTRIBUTE = 1024
"""Browsers ignore an attribute whose value is longer, in bytes."""

_WHITE_SPACE = " \t"
"""All that browsers trim. Python trims more, and would so take a foreign name for a declared one."""

_WHOLE_NUMBER = re.compile(r"-?[0-9]+", re.ASCII)
_DATE_DELIMITERS = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[^0-9].*)?", re.ASCII | re.DOTALL)
_DAY = re.compile(r"([0-9]{1,2})(?:[^0-9].*)?", re.ASCII | re.DOTALL)
_YEAR = re.compile(r"([0-9]{2,4})(?:[^0-9].*)?", re.ASCII | re.DOTALL)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EARLIEST_YEAR = 1601


class OutgoingCookie(NamedTuple):
    """One cookie on its way out. `lifetime` is in seconds; None: until the browser closes; 0 or less: a deletion."""

    name: str
    value: str
    lifetime: float | None
    http_only: bool
    secure: bool
    same_site: str
    path: str
    domain: str

    @property
    def is_deletion(self) -> bool:
        """Whether it makes the browser forget the cookie."""
        return self.lifetime is not None and self.lifetime <= 0


def from_morsel(morsel: "Morsel[str]", now: float) -> OutgoingCookie:
    """Read one entry of `response.cookies` as the line it becomes: any attribute may hold another one in its text.

    `now` is in seconds since the epoch.
    """
    max_age = morsel["max-age"]
    if not isinstance(max_age, int) or _holds_another_attribute(morsel):
        return from_header(morsel.OutputString(), now)
    # The same without the detour, for what Django's own `set_cookie` makes; and in the order of the fields, as their
    # names would take half as long again (`scripts/bench gate`).
    flags = bool(morsel["httponly"]), bool(morsel["secure"])
    return OutgoingCookie(
        morsel.key, morsel.coded_value, max_age, *flags, morsel["samesite"], morsel["path"], morsel["domain"]
    )


def _holds_another_attribute(morsel: "Morsel[str]") -> bool:
    for text in morsel.values():
        if text.__class__ is not bool and text.__class__ is not int and ";" in str(text):
            return True
    return ";" in morsel.coded_value


def from_header(line: str, now: float) -> OutgoingCookie:
    """Read a `Set-Cookie` line. One without "=" is a value without a name."""
    pair, *parts = line.split(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    attributes: dict[str, str] = {}
    max_ages: list[str] = []
    expiries: list[str] = []
    for part in parts:
        key, _equals, content = part.partition("=")
        key, content = key.strip(_WHITE_SPACE).lower(), content.strip(_WHITE_SPACE)
        if len(content) > LONGEST_ATTRIBUTE:
            continue
        if key == "max-age":
            max_ages.append(content)
        elif key == "expires":
            expiries.append(content)
        else:
            attributes[key] = content
    return OutgoingCookie(
        name=name.strip(_WHITE_SPACE),
        value=value.strip(_WHITE_SPACE),
        lifetime=_lifetime(max_ages, expiries, now),
        http_only="httponly" in attributes,
        secure="secure" in attributes,
        same_site=attributes.get("samesite", ""),
        path=attributes.get("path", ""),
        domain=attributes.get("domain", ""),
    )


def _lifetime(max_ages: Iterable[str], expiries: Iterable[str], now: float) -> float | None:
    """Seconds to live: `Max-Age` outranks `Expires`; of several the last one counts that can be read."""
    readable = [max_age for max_age in max_ages if _WHOLE_NUMBER.fullmatch(max_age)]
    if readable:
        return float(readable[-1])
    moments = [moment for expires in expiries if (moment := cookie_date(expires)) is not None]
    return moments[-1] - now if moments else None


def cookie_date(text: str) -> float | None:
    """Seconds since the epoch, by the browsers' own rules, or None for what they can't read.

    Those of e-mail are not the same: for them the year 69 has gone by, and a time zone counts.
    """
    time = day = month = year = None
    for token in _DATE_DELIMITERS.split(text):
        if time is None and (found := _TIME.fullmatch(token)):
            time = found
        elif day is None and (found := _DAY.fullmatch(token)):
            day = int(found[1])
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif year is None and (found := _YEAR.fullmatch(token)):
            year = _full_year(int(found[1]))
    if time is None or day is None or month is None or year is None or year < _EARLIEST_YEAR:
        return None
    try:
        return datetime(year, month, day, int(time[1]), int(time[2]), int(time[3]), tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _full_year(year: int) -> int:
    """Browsers take 70 to 99 for the last century, and 0 to 69 for this one."""
    if year >= 100:  # noqa: PLR2004
        return year
    return year + (1900 if year >= 70 else 2000)  # noqa: PLR2004
