"""The app's settings, each with its default. A project sets them as `CONSENT_…` beside Django's own.

They are read once, and again when a test overrides a setting. What stands in declarations (`SECURE_COOKIES`,
`COOKIE_NAME`, `LONGEST_SESSION`, `PURPOSES`) counts as it is when Django starts.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PREFIX = "CONSENT_"

_COOKIE_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The settings as they are now; `SETTINGS` says of each what it takes."""

    strict: bool
    secure_cookies: bool
    cookie_name: str
    longest_session: int
    anonymous_session_age: int
    site_name: "str | _StrPromise"
    help_url: str
    gpc_reviewed: date | None
    purposes: Mapping[str, Mapping[str, "str | _StrPromise"]]


@dataclass(frozen=True)
class Setting:
    """One setting: its value where a project says nothing, and a test and words for what it takes."""

    default: Callable[[], object]
    is_right: Callable[[object], bool]
    takes: str


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_seconds(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_text(value: object) -> bool:
    return isinstance(value, str | Promise)


SETTINGS: dict[str, Setting] = {
    "CONSENT_STRICT": Setting(
        lambda: settings.DEBUG,
        _is_bool,
        "True or False: whether the gate raises an error for a cookie or session key that nobody declared, or that is "
        "sent otherwise than declared; else it stops or mends it, and logs a warning",
    ),
    "CONSENT_SECURE_COOKIES": Setting(
        lambda: settings.SESSION_COOKIE_SECURE,
        _is_bool,
        "True or False: whether declared cookies travel over HTTPS only, where their declaration does not say",
    ),
    "CONSENT_COOKIE_NAME": Setting(
        # No sibling host may set it (RFC 6265bis, section 4.1.3.2); without Secure browsers refuse the prefix.
        lambda: "__Host-cookie_choice" if _value_of("CONSENT_SECURE_COOKIES") else "cookie_choice",
        lambda value: isinstance(value, str) and bool(_COOKIE_NAME.fullmatch(value)),
        "a name of up to 64 letters, digits, “-” and “_” for the cookie that keeps a visitor's answer",
    ),
    "CONSENT_LONGEST_SESSION": Setting(
        lambda: settings.SESSION_COOKIE_AGE,
        _is_seconds,
        "a whole number of seconds: the longest that the site ever sets a session for, which visitors are told",
    ),
    "CONSENT_ANONYMOUS_SESSION_AGE": Setting(
        lambda: 14_400,
        _is_seconds,
        "a whole number of seconds: how long a session lasts at most that holds neither a sign-in nor anything that "
        "its visitor allowed, and how long the server keeps one whose cookie never came back",
    ),
    "CONSENT_SITE_NAME": Setting(lambda: "", _is_text, "a text: the site's name in the banner's heading, or “”"),
    "CONSENT_HELP_URL": Setting(
        lambda: "",
        lambda value: isinstance(value, str),
        "an address or a URL's name: of a page that helps a visitor whose browser keeps no cookies, or “”",
    ),
    "CONSENT_GPC_REVIEWED": Setting(
        lambda: None,
        lambda value: value is None or type(value) is date,
        "a datetime.date: when the site's promise about Global Privacy Control was last reviewed, or None",
    ),
    "CONSENT_PURPOSES": Setting(
        dict,
        lambda value: isinstance(value, Mapping),
        "a dictionary of purposes, as consent_gate.declarations.purposes has it",
    ),
}


def _value_of(name: str) -> object:
    """The project's value, or else the default. Raises ImproperlyConfigured for one that can't be."""
    setting = SETTINGS[name]
    value = getattr(settings, name, None)
    if value is None:
        return setting.default()
    if not setting.is_right(value):
        raise ImproperlyConfigured(f"{name} can't be {value!r}. It takes {setting.takes}.")
    return value


@cache
def configuration() -> Configuration:
    """All settings. Raises ImproperlyConfigured with a sentence for each that can't be what it is."""
    values: dict[str, Any] = {}
    wrong = []
    for name in SETTINGS:
        try:
            values[name.removeprefix(PREFIX).lower()] = _value_of(name)
        except ImproperlyConfigured as error:
            if str(error) not in wrong:
                wrong.append(str(error))
    if wrong:
        raise ImproperlyConfigured("\n".join(wrong))
    return Configuration(**values)


def _forget(**kwargs: object) -> None:
    configuration.cache_clear()


setting_changed.connect(_forget)


def unknown_settings() -> Iterator[tuple[str, str]]:
    """Names that a project has set and that nobody reads, each with the one that was probably meant, or ""."""
    for name in dir(settings):
        if name.startswith(PREFIX) and name not in SETTINGS:
            yield name, next(iter(get_close_matches(name, SETTINGS, n=1)), "")
