"""How to allow cookies, browser by browser, with the reader's own browser first.

The user agent is read to sort this list and is stored nowhere.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class BrowserHelp:
    """The way to the cookie settings of one family of browsers."""

    name: str
    steps: "tuple[_StrPromise, ...]"


CHROME = BrowserHelp(
    "Chrome, Chromium",
    (
        _("Open the menu (three dots at the top right) and choose Settings."),
        _("Choose “Privacy and security”, then “Site settings”, then “On-device site data”."),
        _("Select “Allow sites to save data on your device”, or add this site under “Allowed to save data”."),
    ),
)
FIREFOX = BrowserHelp(
    "Firefox",
    (
        _("Open the menu (three lines at the top right) and choose Settings, then “Privacy & Security”."),
        _("Under “Enhanced Tracking Protection” choose Standard; or, in Custom, don't block “All cookies”."),
        _("For this site alone: under “Cookies and Site Data” choose “Manage Exceptions”, enter its address, Allow."),
    ),
)
SAFARI = BrowserHelp(
    "Safari",
    (
        _("On a Mac: Safari menu, Settings, Advanced: clear “Block all cookies”."),
        _("On an iPhone or iPad: Settings, Apps, Safari, Advanced: turn off “Block All Cookies”."),
    ),
)
EDGE = BrowserHelp(
    "Edge",
    (
        _("Open the menu (three dots at the top right) and choose Settings, then “Cookies and site permissions”."),
        _("Choose “Manage and delete cookies and site data” and turn on “Allow sites to save and read cookie data”."),
    ),
)

# The first pattern that fits decides: Edge calls itself Chrome and Safari too, Chrome calls itself Safari.
_FAMILIES = (
    (re.compile(r"\bEdgA?/|\bEdgiOS/"), EDGE),
    (re.compile(r"\bFirefox/|\bFxiOS/"), FIREFOX),
    (re.compile(r"\b(Headless)?Chrom(e|ium)/|\bCriOS/"), CHROME),
    (re.compile(r"\bSafari/"), SAFARI),
)


def browser_help(user_agent: str) -> tuple[BrowserHelp, ...]:
    """All the instructions; those for the browser that names itself in `user_agent` come first."""
    own = next((help_ for pattern, help_ in _FAMILIES if pattern.search(user_agent)), None)
    rest = (CHROME, FIREFOX, SAFARI, EDGE)
    return rest if own is None else (own, *(help_ for help_ in rest if help_ is not own))
