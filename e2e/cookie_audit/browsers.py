"""The browsers that visitors have: each on a profile of its own, watched, and with settings that are proven."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Playwright, sync_playwright

from cookie_audit.watchdog import Watchdog
from cookie_harness import BrowserSettings, EchoSite, Engine, Profile, prove_policy
from cookie_harness.policies import context_arguments


@dataclass(frozen=True)
class OpenBrowser:
    """A browser that runs, and who watches it."""

    profile: Profile
    watchdog: Watchdog
    proven: set[BrowserSettings] = field(default_factory=set)
    """Settings that were seen in force in one of its contexts: the others have them from the same browser."""


class Browsers:
    """The browsers of one engine; with `keep` they stay open for the next site that is visited."""

    def __init__(self, engine: Engine, playwright: Playwright, echo: EchoSite, folder: Path, *, keep: bool) -> None:
        self.engine = engine
        self._type = getattr(playwright, engine.name)
        self._echo = echo
        self._folder = folder
        self._keep = keep
        self._numbers = count(1)
        self._kept: dict[tuple[BrowserSettings, float], OpenBrowser] = {}

    @contextlib.contextmanager
    def with_settings(self, settings: BrowserSettings, page_seconds: float) -> Iterator[OpenBrowser]:
        """A browser whose contexts have these settings: one that is kept, or a new one."""
        opened = self._kept.pop((settings, page_seconds), None) or self._open(settings, page_seconds)
        try:
            yield opened
        finally:
            opened.watchdog.rest()
            if self._keep and not opened.watchdog.bitten_at:
                self._kept[settings, page_seconds] = opened
            else:
                _close(opened)

    @contextlib.contextmanager
    def of_its_own(self, settings: BrowserSettings, page_seconds: float) -> Iterator[OpenBrowser]:
        """A browser for whoever closes it meanwhile."""
        opened = self._open(settings, page_seconds)
        try:
            yield opened
        finally:
            _close(opened)

    def new_context(self, opened: OpenBrowser, settings: BrowserSettings, arguments: dict[str, Any]) -> BrowserContext:
        """Somebody who was never anywhere; raises `PolicyNotInForce`."""
        context = opened.profile.browser.new_context(**context_arguments(self.engine, settings, arguments))
        if settings not in opened.proven:
            prove_policy(context, settings, self._echo)
            opened.proven.add(settings)
        return context

    def close(self) -> None:
        """End those that were kept."""
        while self._kept:
            _close(self._kept.popitem()[1])

    def _open(self, settings: BrowserSettings, page_seconds: float) -> OpenBrowser:
        """On a profile, where a browser's own setting for cookies can be stated: see `cookie_harness.policies`."""
        folder = self._folder / f"profile-{next(self._numbers)}"
        profile = Profile(folder, self.engine, self._type, settings)
        profile.open()
        return OpenBrowser(profile, Watchdog(folder, page_seconds))


@contextlib.contextmanager
def browsers_of(engine: Engine, folder: Path, *, keep: bool = False) -> Iterator[Browsers]:
    """An engine's browsers, with their profiles in a folder."""
    with EchoSite() as echo, sync_playwright() as playwright:
        browsers = Browsers(engine, playwright, echo, folder, keep=keep)
        try:
            yield browsers
        finally:
            browsers.close()


def _close(opened: OpenBrowser) -> None:
    opened.watchdog.rest()
    with contextlib.suppress(Error):
        opened.profile.close()
