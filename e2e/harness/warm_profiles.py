"""Profiles that begin warm: a copy of one that was opened before and has seen no site.

A Firefox on an empty folder compiles its own scripts and builds its databases first: on two busy processors its launch
takes 5.0 s, and 2.6 s on a copy. So one is kept on this machine, for each binary and each set of preferences, beside
the browsers that Playwright downloads.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserType

from e2e.harness.engines import Engine, browsers_folder
from e2e.harness.policies import BrowserSettings, firefox_preferences
from e2e.harness.profiles import Profile


def warm_profile(engine: Engine, browser_type: BrowserType) -> Path | None:
    """A closed profile for others to begin as a copy of; None for Chromium, which gains nothing by it.

    ``Profile(like=partial(warm_profile, engine, browser_type))`` asks for it when it has to. Made when there is none
    yet, which takes a launch without a window. None, too, where it can't be kept.
    """
    if engine.name != "firefox":
        return None
    folder = _folder(engine)
    with contextlib.suppress(OSError):
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            _make(folder, engine, browser_type)
        return folder
    return None


def _folder(engine: Engine) -> Path:
    """Where it is kept. Preferences are part of the name, as a profile keeps those that it once got."""
    made_of = [str(engine.executable), engine.version, firefox_preferences(BrowserSettings())]
    digest = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]
    return browsers_folder(os.environ).parent / "e2e-harness" / f"firefox-{digest}"


def _make(folder: Path, engine: Engine, browser_type: BrowserType) -> None:
    """Open a fresh profile and close it, and put it in its place in one step: others may look for it meanwhile."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        profile = Profile(Path(made) / "profile", engine, browser_type)
        profile.open()
        profile.close()
        with contextlib.suppress(OSError):  # another was quicker
            profile.folder.rename(folder)
