"""When a browser has written its cookies to the disk: what a crash leaves of them."""

import sqlite3
import tempfile
import time
from collections.abc import Collection
from contextlib import closing, suppress
from pathlib import Path
from shutil import copyfile

from cookie_harness.guard import GUARD_COOKIES
from cookie_harness.profiles import Profile

# Chromium writes 30 seconds after a change, or as soon as this many have come together (kCommitAfterBatchSize in its
# net/extras/sqlite/sqlite_persistent_cookie_store.cc); no more than 180 of one domain's cookies are kept.
_CHROMIUM_BATCH = 512
_COOKIES_OF_A_DOMAIN = 128
# The database in the profile, and its table.
_KEPT_IN = {"chromium": ("Default/Cookies", "cookies"), "firefox": ("cookies.sqlite", "moz_cookies")}
# Seconds; Firefox takes less than one, and so does Chromium with a whole batch.
_PATIENCE = 60


class NotWritten(RuntimeError):
    """A browser has not written its cookies down in time."""


def wait_until_written(profile: Profile, names: Collection[str]) -> None:
    """Wait until an open browser has written its cookies down, those with these names among them.

    Chromium is brought to it by a batch of cookies at hosts that nobody asks. Raises `NotWritten` after 60 seconds.
    """
    if profile.engine.name == "chromium":
        _fill_a_batch(profile)
    deadline = time.monotonic() + _PATIENCE
    while not _are_written(profile, names):
        if time.monotonic() > deadline:
            raise NotWritten(f"{profile.engine.name} has not written {', '.join(names)} down in {_PATIENCE} s.")
        time.sleep(0.05)  # neither browser says when it has written


def _fill_a_batch(profile: Profile) -> None:
    end = time.time() + 3600
    profile.context.add_cookies(
        [
            {
                "name": f"{GUARD_COOKIES}batch-{number}",
                "value": "1",
                "url": f"http://batch-{number // _COOKIES_OF_A_DOMAIN}.test/",
                "expires": end,
            }
            for number in range(_CHROMIUM_BATCH)
        ]
    )


def _are_written(profile: Profile, names: Collection[str]) -> bool:
    """Whether SQLite finds the names in a copy of the files, which are locked: what it would find after a crash."""
    database, table = _KEPT_IN[profile.engine.name]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "cookies"
        # The database first: what it holds of an unfinished change is then taken back by the journal copied after it.
        for suffix in ("", "-journal", "-wal"):
            with suppress(FileNotFoundError):
                copyfile(profile.folder / f"{database}{suffix}", f"{copy}{suffix}")
        with closing(sqlite3.connect(copy)) as connection:
            try:
                written = {name for (name,) in connection.execute(f"SELECT name FROM {table}")}
            except sqlite3.DatabaseError:
                return False  # no table yet, or copied while it was written
    return written.issuperset(names)
