"""The data that the site keeps are its user's alone: the real modes, after a real start."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from locallibrary.data_folder import make_private_file
from locallibrary.environment import CHECKOUT

KEEPS_A_SESSION = """
from django.conf import settings
from django.db import connection
from importlib import import_module
connection.ensure_connection()
session = import_module(settings.SESSION_ENGINE).SessionStore()
session["num_visits"] = 1
session.save()
for path in sorted(settings.DATA_DIR.rglob("*")):
    print("mode", oct(path.stat().st_mode & 0o777), path.name.replace(session.session_key, "*"))
"""


SECRET_KEY = "a key for this test alone, of characters that differ"

MEASURED = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
"""Where `coverage run` runs these tests, it measures the processes that have its variables, too."""


def manage(data: Path, *command: str, **changes: str) -> str:
    """Run a command as a person would, whose files everybody may read unless told otherwise; gives what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=CHECKOUT / "site",
        env={
            "PATH": os.environ["PATH"],
            "SECRET_KEY": SECRET_KEY,
            "DATA_DIR": str(data),
        }
        | MEASURED
        | changes,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        umask=0o022,
        text=True,
        check=True,
    )
    return done.stdout


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(said: str) -> dict[str, str]:
    lines = [line.split() for line in said.splitlines() if line.startswith("mode ")]
    return {name: mode for _mode, mode, name in lines}


@pytest.mark.parametrize("engine", ["db", "file"])
def test_nobody_else_can_read_what_the_site_makes(tmp_path: Path, engine: str) -> None:
    data = tmp_path / "srv" / "library"
    manage(data, "migrate", "--verbosity", "0", SESSION_ENGINE=engine)
    found = modes(manage(data, "shell", "--verbosity", "0", "-c", KEEPS_A_SESSION, SESSION_ENGINE=engine))
    assert mode_of(data) == 0o700
    files = {"library.sqlite3": "0o600", "library.sqlite3-shm": "0o600", "library.sqlite3-wal": "0o600"}
    assert found == files | ({"sessions": "0o700", "__Host-sessionid*": "0o600"} if engine == "file" else {})


def test_a_folder_that_was_there_keeps_its_mode_and_its_database_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert "can read" not in manage(tmp_path, "migrate")
    assert mode_of(tmp_path) == 0o755
    assert mode_of(tmp_path / "library.sqlite3") == 0o600


def test_data_that_stand_open_since_before_are_warned_of_and_left_alone(tmp_path: Path) -> None:
    database, sessions = tmp_path / "library.sqlite3", tmp_path / "sessions"
    database.touch(0o644)
    sessions.mkdir(0o755)
    tmp_path.chmod(0o755)
    said = manage(tmp_path, "check", "--tag", "security")
    assert f"Everybody on this machine can read {database}" in said
    assert f"chmod o-rwx {sessions}" in said
    assert (mode_of(database), mode_of(sessions)) == (0o644, 0o755)
    tmp_path.chmod(0o700)
    assert "can read" not in manage(tmp_path, "check", "--tag", "security"), "nobody else gets that far"


def test_a_server_in_front_can_be_let_to_the_assets_alone(tmp_path: Path) -> None:
    data = tmp_path / "library"
    manage(data, "collectstatic", "--no-input", "--verbosity", "0")
    data.chmod(0o711)
    assert mode_of(data / "static" / "locallibrary") == 0o755
    assert mode_of(data / "static" / "locallibrary" / "site.css") == 0o644
    assert mode_of(data / "library.sqlite3") == 0o600
    assert "can read" not in manage(data, "check", "--tag", "security")


def test_a_database_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_private_file(Path(":memory:"))
    assert not list(tmp_path.iterdir())
