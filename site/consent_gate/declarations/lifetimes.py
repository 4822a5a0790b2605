"""Lengths of time in words, and how long something declared lives."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext_lazy

from consent_gate.declarations.declaration import CookieDeclaration, Declaration

if TYPE_CHECKING:
    from consent_gate.declarations.purposes import Text

# The largest first; the last one divides every whole number of seconds.
_UNITS = (
    (timedelta(days=1), ngettext_lazy("%(number)s day", "%(number)s days", "number")),
    (timedelta(hours=1), ngettext_lazy("%(number)s hour", "%(number)s hours", "number")),
    (timedelta(minutes=1), ngettext_lazy("%(number)s minute", "%(number)s minutes", "number")),
    (timedelta(seconds=1), ngettext_lazy("%(number)s second", "%(number)s seconds", "number")),
)


def duration(length: timedelta) -> str:
    """Say a length of time in the largest unit that divides it: "180 days", "90 minutes", "5 seconds".

    Parts of a second are left out.
    """
    whole = timedelta(seconds=length // timedelta(seconds=1))
    unit, words = next((unit, words) for unit, words in _UNITS if not whole % unit)
    return words % {"number": whole // unit}


def lifetime_text(declaration: Declaration) -> "Text":
    """Say how long a declared cookie or session key lives."""
    if declaration.lifetime is not None:
        return gettext("%(duration)s at most") % {"duration": duration(declaration.lifetime)}
    if isinstance(declaration, CookieDeclaration):
        return gettext("until you close the browser")
    return gettext("as long as your session")
