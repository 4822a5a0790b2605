"""All tests of this folder once more on PostgreSQL, of which they start a server of their own."""

import json
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).resolve()


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, the newest if there are several; Debian keeps it off the search path."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), *map(Path, filter(None, [shutil.which("initdb")]))]
    return max(found).parent if found else None


def owner() -> str | None:
    """Who may run the server: PostgreSQL refuses to be run by root."""
    if os.geteuid():
        return None
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running server, which listens in a folder and on no port; gives back the folder."""
    bin_ = programs()
    if bin_ is None:
        pytest.skip("PostgreSQL is not installed here (Debian and Ubuntu: apt install postgresql)")
    if find_spec("psycopg") is None:
        pytest.skip("the driver of PostgreSQL is not installed here (requirements/postgres.txt)")
    user = owner()
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/exact-sessions-XXXXXX"], text=True).strip())
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}

    def run(*command: str | Path) -> None:
        subprocess.run(list(map(str, command)), user=user, env=environment, check=True, stdout=subprocess.DEVNULL)

    try:
        run(bin_ / "initdb", "--pgdata", data, "--username", "tests", "--auth", "trust", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=100"
        run(bin_ / "pg_ctl", "--pgdata", data, "--wait", "--log", folder / "log", "--options", options, "start")
        try:
            yield folder
        finally:
            run(bin_ / "pg_ctl", "--pgdata", data, "--wait", "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.mark.timeout(300)
def test_all_of_this_holds_on_postgresql(server: Path) -> None:
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "tests",
        "HOST": str(server),
    }
    elsewhere = [f"--ignore={HERE.with_name(name)}" for name in (HERE.name, "test_djangos_own.py")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", HERE.parent, *elsewhere, "--no-header"],
        cwd=HERE.parents[3],
        env=os.environ | {"EXACT_SESSIONS_DATABASE": json.dumps(database)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
