"""What a visitor set in the browser, and how each engine is told.

Pure functions from `BrowserSettings` to the engine's own preferences: the same switches that a person finds in the
browser's settings. No mocks, no stripped headers, no `--blink-settings=cookieEnabled=false`: that one only blinds
scripts, while `Set-Cookie` and `Cookie` headers still flow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from cookie_harness.authorities import chromium_switch
from cookie_harness.bare_window import BARE_WINDOW_PREFERENCES
from cookie_harness.engines import Engine, EngineName


class CookiePolicy(Enum):
    """The browser's own rule about cookies; the value is its name in words."""

    ACCEPT = "accept"
    """Cookies are stored and sent: how browsers are shipped."""

    BLOCK = "block"
    """No cookie is stored, sent, or shown to a script; one that was stored before stays where it is."""

    BLOCK_THIRD_PARTY = "block third-party"
    """Cookies work for the site in the address bar, and for no other site that a page of it embeds."""

    CLEAR_ON_EXIT = "clear on exit"
    """Cookies work until the browser is closed; then all of them go, whatever their lifetime."""


@dataclass(frozen=True)
class BrowserSettings:
    """What the visitor set in the browser. The defaults are those of a fresh one."""

    cookies: CookiePolicy = CookiePolicy.ACCEPT
    allowed: tuple[str, ...] = ()
    """Origins, port included, that may keep cookies although the policy is to block them."""
    javascript: bool = True
    dark: bool = False
    gpc: bool = False
    """Global Privacy Control: each request says "do not sell or share my data" (`Sec-GPC: 1`)."""
    hosts: tuple[str, ...] = ()
    """Further host names that are this machine, as an entry in its hosts file would have it."""
    authority: Path | None = None
    """A certificate authority (PEM) that the browser trusts beside its own."""
    restore: bool = False
    """Opens the windows and tabs of the last time again; of use in a profile alone."""

    def blocks(self, origin: str) -> bool:
        """Whether a page of this origin is left without cookies."""
        return self.cookies is CookiePolicy.BLOCK and origin not in self.allowed


class SettingMissing(RuntimeError):
    """The engine has no such setting; a test that asks for it is expected to fail there, as a known quirk."""

    def __init__(self, engine: EngineName, missing: Sequence[str]) -> None:
        super().__init__(f"Playwright's {engine} has no setting for {', '.join(missing)}.")


UNSETTABLE: dict[EngineName, tuple[CookiePolicy, ...]] = {
    "chromium": (),
    "firefox": (),
    # It has no preferences that a launch could say, and keeps none in its profile: microsoft/playwright#16368 asks
    # for cookie policies of any engine.
    "webkit": (CookiePolicy.BLOCK, CookiePolicy.BLOCK_THIRD_PARTY, CookiePolicy.CLEAR_ON_EXIT),
}
"""The cookie policies that no setting of an engine's makes."""


def settable_policies(engine: EngineName) -> tuple[CookiePolicy, ...]:
    """The cookie policies that a browser of this engine can be told."""
    return tuple(policy for policy in CookiePolicy if policy not in UNSETTABLE[engine])


def refuse_missing(engine: EngineName, settings: BrowserSettings) -> None:
    """Raise `SettingMissing` if these settings are more than a browser of this engine can be told."""
    missing = [f"cookies: {settings.cookies.value}"] if settings.cookies in UNSETTABLE[engine] else []
    if engine == "webkit":
        others = {
            "exceptions for single sites": settings.allowed,
            "host names of its own": settings.hosts,
            "a certificate authority of its own": settings.authority,
            "opening the last tabs again": settings.restore,
        }
        missing += [name for name, wanted in others.items() if wanted]
    if missing:
        raise SettingMissing(engine, missing)


class Whole(dict[str, Any]):
    """A part of the preferences that replaces what a profile has there, in place of being merged into it."""


_CHROMIUM_COOKIES = {
    CookiePolicy.ACCEPT: 1,
    CookiePolicy.BLOCK: 2,
    CookiePolicy.BLOCK_THIRD_PARTY: 1,
    CookiePolicy.CLEAR_ON_EXIT: 4,
}


def chromium_preferences(settings: BrowserSettings) -> dict[str, Any]:
    """What to lay over the profile's `Default/Preferences` before a launch."""
    exceptions = Whole({f"{origin},*": {"setting": 1} for origin in settings.allowed})
    return {
        "profile": {
            "default_content_setting_values": {"cookies": _CHROMIUM_COOKIES[settings.cookies]},
            "content_settings": {"exceptions": {"cookies": exceptions}},
            # Said both ways, as builds differ in their default: Debian's blocks cookies of third parties by itself.
            "cookie_controls_mode": 1 if settings.cookies is CookiePolicy.BLOCK_THIRD_PARTY else 0,
        },
        # 1: "continue where you left off"; 5: the new tab page. Stated each time, as a profile keeps the last one.
        "session": {"restore_on_startup": 1 if settings.restore else 5},
    }


# Flags in the words of chrome://flags, 2 for "disabled": each window of a Chromium of 2026 brings two hidden pages for
# its address bar along, and a process to draw them, which make a context dearer by two thirds (0.41 s of processor time
# in place of 0.25). A list of features on the command line would take the place of Playwright's own list.
_QUIET_CHROMIUM = ["webui-omnibox-popup@2", "webui-omnibox-aim-popup@2"]


def chromium_local_state() -> dict[str, Any]:
    """What to lay over the profile's `Local State`, where chrome://flags keeps what a person chose there."""
    return {"browser": {"enabled_labs_experiments": _QUIET_CHROMIUM}}


# A context with its first document costs a quarter less (0.31 s of processor time in place of 0.41), as no process is
# started to draw, and none ahead of need for pages. Sites still never share a process: the limit gives way to that.
_LEAN_CHROMIUM = ["--in-process-gpu", "--renderer-process-limit=1"]


def chromium_switches(settings: BrowserSettings) -> list[str]:
    """What to add to the command line: what no preference can say."""
    rules = ", ".join(f"MAP {host} 127.0.0.1" for host in settings.hosts)
    switches = [*_LEAN_CHROMIUM, *([f"--host-resolver-rules={rules}"] if rules else [])]
    return [*switches, chromium_switch(settings.authority)] if settings.authority else switches


# What a browser under test does not need: calls home, which would also spoil a recording of its traffic, and features
# that only cost time (a launch takes a fifth less without them). None of these changes anything about cookies.
_QUIET_FIREFOX: dict[str, str | float | bool] = {
    **BARE_WINDOW_PREFERENCES,
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
    # One process for the pages of all sites, in place of a new one for each context and site; and frames drawn half as
    # often as a screen would ask for, which nobody looks at. Together a sixth of a context's processor time.
    "dom.ipc.processCount": 1,
    "fission.webContentIsolationStrategy": 0,
    "layout.frame_rate": 30,
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


# 5 is a stock Firefox's own value, which keeps third parties apart by site; Playwright's build starts with 4
# (microsoft/playwright#31275).
_FIREFOX_COOKIES = {
    CookiePolicy.ACCEPT: 5,
    CookiePolicy.BLOCK: 2,
    CookiePolicy.BLOCK_THIRD_PARTY: 1,
    CookiePolicy.CLEAR_ON_EXIT: 5,
}


def firefox_preferences(settings: BrowserSettings) -> dict[str, str | float | bool]:
    """What to pass as `firefox_user_prefs`: explicit values every time, because a profile keeps the last one it got."""
    clear = settings.cookies is CookiePolicy.CLEAR_ON_EXIT
    return {
        **_QUIET_FIREFOX,
        "network.cookie.cookieBehavior": _FIREFOX_COOKIES[settings.cookies],
        "privacy.sanitize.sanitizeOnShutdown": clear,
        "privacy.clearOnShutdown_v2.cookiesAndStorage": clear,
        "privacy.globalprivacycontrol.enabled": settings.gpc,
        "privacy.globalprivacycontrol.functionality.enabled": settings.gpc,
        "network.dns.localDomains": ",".join(settings.hosts),
        # 3: "open previous windows and tabs"; 0: a blank page.
        "browser.startup.page": 3 if settings.restore else 0,
        "javascript.enabled": settings.javascript,
        "layout.css.prefers-color-scheme.content-override": 0 if settings.dark else 1,
    }


def browser_settings(engine: Engine, settings: BrowserSettings) -> BrowserSettings:
    """Keep what a whole browser has in common; `context_arguments` says the rest to each of its contexts.

    Firefox has all by preference: over BiDi it silently ignores those arguments.
    """
    if engine.name == "firefox":
        return settings
    return BrowserSettings(
        cookies=settings.cookies,
        allowed=settings.allowed,
        hosts=settings.hosts,
        authority=settings.authority,
        restore=settings.restore,
    )


def context_arguments(engine: Engine, settings: BrowserSettings, given: Mapping[str, Any]) -> dict[str, Any]:
    """Complete what a caller gives for a new context by what the settings need beside the browser's preferences."""
    if engine.name == "firefox":
        return dict(given)
    arguments = {
        **given,
        "java_script_enabled": settings.javascript,
        "color_scheme": "dark" if settings.dark else "light",
    }
    if settings.gpc:  # neither has such a setting: visitors have it from an extension, which adds this header
        arguments["extra_http_headers"] = {**given.get("extra_http_headers", {}), "Sec-GPC": "1"}
    return arguments
