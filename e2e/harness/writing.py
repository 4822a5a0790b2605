"""When a browser has written its cookies to the disk: what a crash leaves of them."""

import time
from collections.abc import Collection
from pathlib import Path

from e2e.harness.evidence.observing import GUARD_COOKIES
from e2e.harness.profiles import Profile

# Chromium writes 30 seconds after a change, or as soon as this many have come together (kCommitAfterBatchSize in its
# net/extras/sqlite/sqlite_persistent_cookie_store.cc); no more than 180 of one domain's cookies are kept.
_CHROMIUM_BATCH = 512
_COOKIES_OF_A_DOMAIN = 128
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
        time.sleep(0.05)  # neither browser says when it has written, and both keep their databases locked


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
    """Whether the names, which stand there as they are, are in the browser's files to stay."""
    if profile.engine.name == "firefox":
        return _hold([file for file in profile.folder.glob("cookies.sqlite*") if file.is_file()], names)
    folder = profile.folder / "Default"
    journal = folder / "Cookies-journal"
    # In this order: what stands in the database while its journal is not empty is taken back after a crash.
    return _hold([folder / "Cookies"], names) and not (journal.exists() and journal.stat().st_size)


def _hold(files: Collection[Path], names: Collection[str]) -> bool:
    held = b"".join(file.read_bytes() for file in files)
    return all(name.encode() in held for name in names)
