"""What can be set, and what a posted form or a cookie may say about it: pure functions over strings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from consent_gate.api import CookieDeclaration
from preferences.cookies import DISMISSED_NOTICE, THEME

NOTICE_VERSION = "1"
"""The version of the notice on the home page: with a new number everybody sees it once more."""

AS_THE_BROWSER = "browser"
"""In place of a language's code: needs no cookie."""


class Theme(StrEnum):
    """Light or dark pages; DEVICE follows the reader's device, and needs no cookie."""

    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class CookieSetting:
    """One thing to remember: which cookie gets which value; None deletes it."""

    cookie: CookieDeclaration
    value: str | None


def theme_of(cookies: Mapping[str, str]) -> Theme:
    """The theme that a browser's cookies ask for."""
    return next((theme for theme in Theme if theme == cookies.get(THEME.name)), Theme.DEVICE)


def language_of(cookies: Mapping[str, str], *, name: str, languages: Collection[str]) -> str:
    """The language that a browser's cookies ask for: the code in the one of this name, or AS_THE_BROWSER."""
    code = cookies.get(name, "")
    return code if code in languages else AS_THE_BROWSER


def notice_is_put_away(cookies: Mapping[str, str]) -> bool:
    """Whether this version of the notice was put away."""
    return cookies.get(DISMISSED_NOTICE.name) == NOTICE_VERSION


def setting_from(
    form: Mapping[str, str], *, language: CookieDeclaration | None, languages: Collection[str]
) -> CookieSetting | None:
    """Read a posted form: `theme`, `language` or `notice` with a value on offer; None for anything else.

    `language` is the declaration of the language's cookie, `languages` the codes on offer; AS_THE_BROWSER is too.
    """
    theme = form.get("theme")
    if theme in (Theme.LIGHT, Theme.DARK):
        return CookieSetting(THEME, theme)
    if theme == Theme.DEVICE:
        return CookieSetting(THEME, None)
    code = form.get("language")
    if language and (code in languages or code == AS_THE_BROWSER):
        return CookieSetting(language, None if code == AS_THE_BROWSER else code)
    if form.get("notice") == "dismiss":
        return CookieSetting(DISMISSED_NOTICE, NOTICE_VERSION)
    if form.get("notice") == "show":
        return CookieSetting(DISMISSED_NOTICE, None)
    return None
