"""The site's data are its own user's alone: what of them is made with closed modes, and what stands open to others.

Sessions and accounts lie in the database. With the file store a session's key is its file's name, so that whoever lists
the folder can sign in as anybody.
"""

from contextlib import suppress
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
OTHERS_READ_OR_WRITE = 0o006
OTHERS_PASS = 0o001


def make_private_file(path: Path) -> None:
    """Make an empty file that its user alone can read, unless there is one; where that fails, its opener says why.

    SQLite takes an empty file for a new database, and gives its log and index the same mode (sqlite.org/wal.html).
    Names that are no whole path, such as ":memory:", are left to it.
    """
    if path.is_absolute():
        with suppress(OSError):
            path.touch(PRIVATE_FILE)


def make_private_folder(path: Path) -> None:
    """Make a folder that its user alone can open, unless there is one, which keeps its mode. Raises OSError."""
    path.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)


def open_to_others(path: Path) -> bool:
    """Whether any user of the machine can read or change it: by its own mode and that of the folder it lies in."""
    try:
        mode, folder = path.stat().st_mode, path.parent.stat().st_mode
    except OSError:
        return False
    return bool(mode & OTHERS_READ_OR_WRITE and folder & OTHERS_PASS)
