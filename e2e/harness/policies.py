"""What a visitor set in the browser, and how each engine is told.

Pure functions from `BrowserSettings` to the engine's own preferences: the same switches that a person finds in the
browser's settings. No mocks, no stripped headers, no `--blink-settings=cookieEnabled=false`: that one only blinds
scripts, while `Set-Cookie` and `Cookie` headers still flow.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from e2e.harness.engines import Engine


class CookiePolicy(Enum):
    """The browser's own rule about cookies; the value is its name in words."""

    ACCEPT = "accept"
    """Cookies are stored and sent: how browsers are shipped."""

    BLOCK = "block"
    """No cookie is stored, sent, or shown to a script; one that was stored before stays where it is."""

    CLEAR_ON_EXIT = "clear on exit"
    """Cookies work until the browser is closed; then all of them go, whatever their lifetime."""


@dataclass(frozen=True)
class BrowserSettings:
    """What the visitor set in the browser. The defaults are those of a fresh one."""

    cookies: CookiePolicy = CookiePolicy.ACCEPT
    javascript: bool = True
    dark: bool = False


_CHROMIUM_COOKIES = {CookiePolicy.ACCEPT: 1, CookiePolicy.BLOCK: 2, CookiePolicy.CLEAR_ON_EXIT: 4}


def chromium_preferences(settings: BrowserSettings) -> dict[str, Any]:
    """What to lay over the profile's `Default/Preferences` before a launch."""
    return {"profile": {"default_content_setting_values": {"cookies": _CHROMIUM_COOKIES[settings.cookies]}}}


# What a browser under test has no use for: calls home, which would also spoil a recording of its traffic, and features
# that only cost time (a launch takes a fifth less without them). None of these has a say about cookies.
_QUIET_FIREFOX: dict[str, str | float | bool] = {
    "app.update.enabled": False,
    "browser.ml.enable": False,
    "browser.newtabpage.enabled": False,
    "browser.pagethumbnails.capturing_disabled": True,
    "browser.places.speculativeConnect.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.topsites.contile.enabled": False,
    "browser.translations.enable": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.enabledScopes": 0,
    "extensions.formautofill.addresses.enabled": False,
    "extensions.screenshots.disabled": True,
    "extensions.systemAddon.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "reader.parse-on-load.enabled": False,
    "screenshots.browser.component.enabled": False,
    "signon.rememberSignons": False,
    "toolkit.telemetry.enabled": False,
}


def firefox_preferences(settings: BrowserSettings) -> dict[str, str | float | bool]:
    """What to pass as `firefox_user_prefs`: explicit values every time, because a profile keeps the last one it got."""
    clear = settings.cookies is CookiePolicy.CLEAR_ON_EXIT
    return {
        **_QUIET_FIREFOX,
        # 5 is a stock Firefox's own value; Playwright's build starts with 4 (microsoft/playwright#31275).
        "network.cookie.cookieBehavior": 2 if settings.cookies is CookiePolicy.BLOCK else 5,
        "privacy.sanitize.sanitizeOnShutdown": clear,
        "privacy.clearOnShutdown_v2.cookiesAndStorage": clear,
        "javascript.enabled": settings.javascript,
        "layout.css.prefers-color-scheme.content-override": 0 if settings.dark else 1,
    }


def context_arguments(engine: Engine, settings: BrowserSettings) -> dict[str, Any]:
    """What a new context of an engine needs beside the preferences.

    Firefox has JavaScript off and dark pages by preference: over BiDi it silently ignores these arguments.
    """
    if engine.name == "firefox":
        return {}
    return {"java_script_enabled": settings.javascript, "color_scheme": "dark" if settings.dark else "light"}
