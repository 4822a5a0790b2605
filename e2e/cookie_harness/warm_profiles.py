"""Where a profile that was opened before and has seen no site is kept, for new ones to begin as a copy of.

A Firefox on an empty folder compiles its own scripts and builds its databases first: on two busy processors its launch
takes 5.0 s, and 2.6 s on a copy. So one is kept on this machine, for each binary and each set of preferences, beside
the browsers that Playwright downloads. Chromium gains nothing by it.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from cookie_harness.engines import Engine, browsers_folder
from cookie_harness.policies import BrowserSettings, firefox_preferences

UNUSED_FOR = timedelta(days=30)
"""After this one is removed (35 MB), when another is made: its browser or its preferences have changed since."""


def warm_profile(engine: Engine, warm_up: Callable[[Path], None]) -> Path | None:
    """Give the folder of the one for this engine; None for Chromium, and where none can be kept.

    If there is none yet, `warm_up` opens a browser on a folder that it is given, and closes it.
    """
    if engine.name != "firefox":
        return None
    kept = _place(engine)
    with contextlib.suppress(OSError):
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            _remove_unused(kept.parent)
            _keep(kept, warm_up)
        with contextlib.suppress(OSError):  # it may be kept where nobody can write
            os.utime(kept)  # used today
        return kept
    return None


def _place(engine: Engine) -> Path:
    """Preferences are part of the name, as a profile keeps those that it once got."""
    made_of = [str(engine.executable), engine.version, firefox_preferences(BrowserSettings())]
    digest = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]
    return browsers_folder(os.environ).parent / "e2e-harness" / f"firefox-{digest}"


def _keep(kept: Path, warm_up: Callable[[Path], None]) -> None:
    """Put it in its place in one step, when it is ready: others may look for it meanwhile."""
    with tempfile.TemporaryDirectory(dir=kept.parent) as temporary:
        made = Path(temporary) / "profile"
        warm_up(made)
        with contextlib.suppress(OSError):  # another was quicker
            made.rename(kept)


def _remove_unused(folder: Path) -> None:
    oldest = time.time() - UNUSED_FOR.total_seconds()
    for each in folder.glob("firefox-*"):
        if each.stat().st_mtime < oldest:
            shutil.rmtree(each, ignore_errors=True)
