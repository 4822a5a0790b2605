"""Years in words: negative numbers are years BC, as historians number them (there is no year 0)."""

from django.utils.translation import gettext as _

FIRST_PLAIN_YEAR = 1000
"""From here on a bare number is read as a year; below it, "116" might be anything."""


def year_text(year: int) -> str:
    """1866 gives "1866", 116 gives "AD 116", -428 gives "428 BC"."""
    if year < 0:
        return _("%(year)s BC") % {"year": -year}
    return _("AD %(year)s") % {"year": year} if year < FIRST_PLAIN_YEAR else str(year)


def life_text(born: int | None, died: int | None, *, approximate: bool = False) -> str:
    """Say when somebody lived: "1775–1817", "born 1939", "c. 428–348 BC", or "c. 800 BC" where no end is known."""
    if born is None and died is None:
        return ""
    if born is None:
        text = _("died %(year)s") % {"year": year_text(died or 0)}
    elif died is None:
        text = year_text(born) if approximate else _("born %(year)s") % {"year": year_text(born)}
    elif died < 0:
        text = f"{-born}–{year_text(died)}"
    elif born < 0:
        text = _("%(born)s BC–%(died)s") % {"born": -born, "died": died}
    elif born < FIRST_PLAIN_YEAR:
        text = _("AD %(year)s") % {"year": f"{born}–{died}"}
    else:
        text = f"{born}–{died}"
    return _("c. %(years)s") % {"years": text} if approximate else text
