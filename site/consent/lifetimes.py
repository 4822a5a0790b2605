"""How long something lives, in words."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from consent.declarations import CookieDeclaration, Declaration

if TYPE_CHECKING:
    from consent.declarations import Text

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def duration(length: timedelta) -> str:
    """Say a length of time in the largest unit that divides it: "180 days", "90 minutes", "5 seconds"."""
    seconds = int(length.total_seconds())
    if seconds % DAY == 0:
        number = seconds // DAY
        return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}
    if seconds % HOUR == 0:
        number = seconds // HOUR
        return ngettext("%(number)s hour", "%(number)s hours", number) % {"number": number}
    if seconds % MINUTE == 0:
        number = seconds // MINUTE
        return ngettext("%(number)s minute", "%(number)s minutes", number) % {"number": number}
    return ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}


def lifetime_text(declaration: Declaration) -> "Text":
    """Say how long a declared cookie or session key lives."""
    if declaration.lifetime is not None:
        return gettext("%(duration)s at most") % {"duration": duration(declaration.lifetime)}
    if isinstance(declaration, CookieDeclaration):
        return gettext("until you close the browser")
    return gettext("as long as your session")
