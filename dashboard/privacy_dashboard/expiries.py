"""When something that is kept ends, as far as anybody on this side of the wire can know."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from consent_gate.api import CookieDeclaration, duration

if TYPE_CHECKING:
    from consent_gate.api import Text


class ExpiryKind(StrEnum):
    """How much is known of an end."""

    EXACTLY = "exactly"
    """A date is known."""
    AT_MOST = "at most"
    """Only the declared lifetime is known: a browser sends a cookie's name and value and nothing else (RFC 6265bis,
    section 5.8.3), so when it was set, and when it ends, only the browser knows."""
    BROWSER_CLOSE = "browser close"
    NEVER = "never"
    """Kept until somebody deletes it."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Expiry:
    """The end of one thing. `at` is the date for `EXACTLY`, `within` the longest time from now for `AT_MOST`."""

    known: ExpiryKind
    at: datetime | None = None
    within: timedelta | None = None

    def remaining(self, now: datetime) -> timedelta | None:
        """How much longer it lives, at most; None where no length of time can be named."""
        if self.at is not None:
            return max(self.at - now, timedelta())
        return self.within

    @property
    def text(self) -> "Text":
        """The end in words."""
        if self.known is ExpiryKind.EXACTLY and self.at:
            return gettext("%(moment)s UTC") % {"moment": date_format(localtime(self.at), "DATETIME_FORMAT")}
        if self.known is ExpiryKind.AT_MOST and self.within is not None:
            return gettext("%(duration)s after it was set, at most") % {"duration": duration(self.within)}
        if self.known is ExpiryKind.BROWSER_CLOSE:
            return gettext("when you close the browser")
        if self.known is ExpiryKind.NEVER:
            return gettext("when you delete it")
        return gettext("only your browser knows")

    def __str__(self) -> str:
        return str(self.text)


AT_BROWSER_CLOSE = Expiry(ExpiryKind.BROWSER_CLOSE)
WHEN_DELETED = Expiry(ExpiryKind.NEVER)
UNKNOWN = Expiry(ExpiryKind.UNKNOWN)


def exactly(moment: datetime) -> Expiry:
    """An end at a known moment."""
    return Expiry(ExpiryKind.EXACTLY, at=moment)


def declared_expiry(declaration: CookieDeclaration | None) -> Expiry:
    """What a declaration promises of a cookie's end; of an undeclared cookie nothing is known."""
    if declaration is None:
        return UNKNOWN
    if declaration.lifetime is None:
        return AT_BROWSER_CLOSE
    return Expiry(ExpiryKind.AT_MOST, within=declaration.lifetime)
