"""A browser profile: a folder on disk that a real browser opens, closes and opens again."""

import contextlib
import json
import os
import select
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, Page

from cookie_harness.authorities import trust_in_firefox
from cookie_harness.bare_window import set_toolbars
from cookie_harness.engines import Engine
from cookie_harness.policies import (
    BrowserSettings,
    SettingMissing,
    Whole,
    chromium_local_state,
    chromium_preferences,
    chromium_switches,
    context_arguments,
    firefox_preferences,
    refuse_missing,
)
from cookie_harness.recorder import Recorder
from cookie_harness.warm_profiles import warm_profile

# Seconds that a browser may take to end after it was asked to.
END_TIMEOUT = 20.0
# What Chromium and Firefox say on their way out when another browser holds the profile, and SQLite of a file in it.
_IN_USE = ("ProcessSingleton", "is already running", "database is locked")
# What a browser leaves in a profile to say that it is in use, even after a clean end.
_LOCKS = ("Singleton*", "lock", ".parentlock")

# As Firefox itself declares it; it brings a file of this version up to date.
_FIREFOX_PERMISSIONS = """
    PRAGMA user_version = 12;
    CREATE TABLE moz_perms (
        id INTEGER PRIMARY KEY, origin TEXT, type TEXT, permission INTEGER, expireType INTEGER, expireTime INTEGER,
        modificationTime INTEGER
    );
"""


class ProfileInUse(RuntimeError):
    """A browser already has this profile open."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"The profile {folder} is open in a browser already: close that one first.")


class BrowserStillRuns(RuntimeError):
    """A browser was closed, but its process did not end in time."""


class Profile:
    """A folder on disk that a real browser opens, closes and opens again.

    Use `context.new_page()`: the page that stands open after a launch is the browser's own blank one. And close the
    profile rather than its context: only that waits for the browser's process, and keeps what was recorded.
    """

    def __init__(  # noqa: PLR0913 -- most have a default
        self,
        folder: Path,
        engine: Engine,
        browser_type: BrowserType,
        settings: BrowserSettings | None = None,
        *,
        launch_arguments: Mapping[str, Any] | None = None,
        context_arguments: Mapping[str, Any] | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        """Describe the profile; nothing is started.

        `launch_arguments` and `context_arguments` go to `launch_persistent_context`, after the engine's own. A folder
        that is not there when the profile is opened begins as a copy of a warm one, where that saves time.
        """
        self.folder = folder
        self.engine = engine
        self.settings = settings or BrowserSettings()
        self._browser_type = browser_type
        self._launch_arguments = {**engine.launch_arguments, **(launch_arguments or {})}
        self._context_arguments = dict(context_arguments or {})
        self._recorder = recorder
        self._context: BrowserContext | None = None
        self._own_page: Page | None = None

    @property
    def context(self) -> BrowserContext:
        """The open browser's context; raises `RuntimeError` while the profile is closed."""
        if self._context is None:
            raise RuntimeError(f"The profile {self.folder} is closed: open it first.")
        return self._context

    @property
    def browser(self) -> Browser:
        """The open browser, for isolated contexts beside the profile's own: they inherit its settings."""
        if (browser := self.context.browser) is None:
            raise RuntimeError(f"Playwright does not say which browser has {self.folder} open.")
        return browser

    @property
    def is_open(self) -> bool:
        """Whether the browser runs, as far as this object started it."""
        return self._context is not None

    def open(self) -> BrowserContext:
        """Start the browser on this profile.

        Raises `ProfileInUse` if one has it open already, `SettingMissing` if the engine can't be told the settings.
        """
        try:
            refuse_missing(self.engine.name, self.settings)
        except SettingMissing:
            if self._recorder:
                self._recorder.refuse(self.settings)
            raise
        if self.is_open or processes_on(self.folder):
            raise ProfileInUse(self.folder)
        if not self.folder.exists() and (warm := warm_profile(self.engine, self._warm_up)):
            shutil.copytree(warm, self.folder, symlinks=True, ignore=shutil.ignore_patterns(*_LOCKS))
        try:
            context = self._browser_type.launch_persistent_context(self.folder, **self._arguments())
        except (Error, sqlite3.OperationalError) as error:
            if any(words in str(error) for words in _IN_USE):
                raise ProfileInUse(self.folder) from error
            raise
        self._context = context
        self._own_page = context.pages[0] if context.pages else None
        # A browser that ends on its own (a crash) leaves the profile closed too.
        context.on("close", lambda _: self._forget(context))
        if self._recorder:
            self._recorder.start(context, self.settings)
        return context

    def close(self) -> None:
        """Quit the browser; its process has ended when this returns. A closed profile stays closed.

        Raises `BrowserStillRuns` if the process outlives the request by 20 seconds.
        """
        if (context := self._context) is None:
            return
        if self._recorder:
            self._close_own_page(context)
            self._recorder.stop(context)
        context.close()
        self._context = None
        wait_until_ended(self.folder)

    def kill(self) -> None:
        """End the browser as a crash or a power cut would, without a chance to save; its process is gone afterwards."""
        if (context := self._context) is None:
            return
        if self._recorder:
            self._recorder.stop(context)
        self._context = None
        wait_until_ended(self.folder, end=lambda pid: os.kill(pid, signal.SIGKILL))

    def reopen(self, settings: BrowserSettings | None = None) -> BrowserContext:
        """Close the browser and start it again on the same folder, with other settings if any are given."""
        self.close()
        self.settings = settings or self.settings
        return self.open()

    def _arguments(self) -> dict[str, Any]:
        """Tell the engine the settings, and collect what the launch needs."""
        arguments = {
            **self._launch_arguments,
            **context_arguments(self.engine, self.settings, self._context_arguments),
        }
        if self.engine.name == "firefox":
            preferences = firefox_preferences(self.settings)
            arguments["firefox_user_prefs"] = {**arguments.get("firefox_user_prefs", {}), **preferences}
            set_toolbars(self.folder, shown=arguments.get("headless") is False)
            allow_cookies(self.folder / "permissions.sqlite", self.settings.allowed)
            if self.settings.authority:
                trust_in_firefox(self.folder, self.settings.authority)
        elif self.engine.name == "chromium":
            merge_into_json(self.folder / "Local State", chromium_local_state())
            # The only way: Playwright has no API for it (microsoft/playwright#16368).
            merge_into_json(self.folder / "Default" / "Preferences", chromium_preferences(self.settings))
            arguments["args"] = [*arguments.get("args", []), *chromium_switches(self.settings)]
        return arguments

    def _warm_up(self, folder: Path) -> None:
        """Open a browser with default settings on another folder, out of sight, and close it."""
        own = {"headless": True, "firefox_user_prefs": firefox_preferences(BrowserSettings())}
        self._browser_type.launch_persistent_context(folder, **{**self._launch_arguments, **own}).close()
        wait_until_ended(folder)

    def _close_own_page(self, context: BrowserContext) -> None:
        """Keep the browser's blank page out of the screenshots; the last page stays, or the browser would end."""
        page = self._own_page
        if page and not page.is_closed() and page.url == "about:blank" and len(context.pages) > 1:
            page.close()

    def _forget(self, context: BrowserContext) -> None:
        if self._context is context:
            self._context = None


def merge_into_json(path: Path, changes: Mapping[str, Any]) -> None:
    """Lay `changes` over the JSON file at `path`, keeping everything else that it holds."""
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(merged(before, changes)), encoding="utf-8")


def merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one nested mapping over another: new leaves win, all others stay; a `Whole` replaces what is there."""
    result = dict(before)
    for key, value in changes.items():
        old = result.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping) and not isinstance(value, Whole):
            result[key] = merged(old, value)
        else:
            result[key] = value
    return result


def allow_cookies(file: Path, origins: Sequence[str]) -> None:
    """Write the origins that may keep cookies, and no others, into the file where Firefox keeps its permissions.

    The page of its settings, "Manage Exceptions", writes the same. An origin's port is part of it here.
    """
    is_new = not file.exists()
    if is_new and not origins:
        return
    with contextlib.closing(sqlite3.connect(file, timeout=0)) as database, database:
        if is_new:
            database.executescript(_FIREFOX_PERMISSIONS)
        database.execute("DELETE FROM moz_perms WHERE type = 'cookie'")
        database.executemany(
            "INSERT INTO moz_perms VALUES (NULL, ?, 'cookie', 1, 0, 0, 0)", [[each] for each in origins]
        )


def processes_on(folder: Path) -> list[int]:
    """Process ids of the browsers that have a profile open, by their command lines; known on Linux only."""
    if not sys.platform.startswith("linux"):
        return []
    arguments = {str(folder).encode(), f"--user-data-dir={folder}".encode()}
    found = []
    for entry in Path("/proc").iterdir():
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            if entry.name.isdecimal() and arguments & set((entry / "cmdline").read_bytes().split(b"\0")):
                found.append(int(entry.name))
    return found


def wait_until_ended(folder: Path, timeout: float = END_TIMEOUT, end: Callable[[int], None] | None = None) -> None:
    """Wait until no browser has the profile open: the kernel tells, nothing is polled.

    `end` is done to each process that has it open, before the wait. Raises `BrowserStillRuns` after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    for pid in processes_on(folder):
        with contextlib.suppress(ProcessLookupError):
            descriptor = os.pidfd_open(pid)
            try:
                if end:
                    end(pid)
                if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
                    raise BrowserStillRuns(f"Process {pid} still has {folder} open {timeout:g} s after it was closed.")
            finally:
                os.close(descriptor)
