"""The commands that delete what has ended, as processes of their own over the site's real database."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from locallibrary.management.commands.serve_demo import PRUNING

CHECKOUT = Path(__file__).resolve().parents[3]
NOW = datetime.now(UTC)
ENDED, LIVE = 4_000, 300

TABLES = [("clearsessions", "exact_sessions_session"), ("prune_tries", "accounts_tries")]
"""A command, and the table that it deletes from."""
VALUES = {"exact_sessions_session": "(?, '', ?, 1, '{}')", "accounts_tries": "(?, 1, ?)"}
"""A row: its key, its end, and what else it needs."""


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the site's tables and nothing in them."""
    path = tmp_path_factory.mktemp("housekeeping") / "empty.sqlite3"
    assert result_of(path, "migrate", "--verbosity", "0") == ""
    return path


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Sessions and counts of tries, most of which have ended; a transaction for each statement."""
    path = tmp_path / "library.sqlite3"
    with closing(sqlite3.connect(empty_database)) as empty, closing(sqlite3.connect(path, isolation_level=None)) as own:
        empty.backup(own)
        own.execute("BEGIN")
        for _command, table in TABLES:
            own.executemany(f"INSERT INTO {table} VALUES {VALUES[table]}", rows())
        own.execute("COMMIT")
        yield own


def rows() -> Iterator[tuple[str, str]]:
    """A key, and when it ends."""
    for number in range(ENDED + LIVE):
        end = NOW + timedelta(seconds=number + 3_600 if number >= ENDED else number - ENDED - 1)
        yield f"{number:032}", end.strftime("%Y-%m-%d %H:%M:%S.%f")


def start(path: Path, *command: str) -> subprocess.Popen[str]:
    variables = {
        "DATABASE_URL": f"sqlite:///{path}",
        "DATA_DIR": str(path.parent),
        "SECRET_KEY": settings.SECRET_KEY,
        "SESSION_ENGINE": "db",
    }
    return subprocess.Popen(
        [sys.executable, str(CHECKOUT / "site" / "manage.py"), *command],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def result_of(path: Path, *command: str) -> str:
    """What a command that goes well says."""
    with start(path, *command) as running:
        said, complaints = running.communicate(timeout=60)
    assert (running.returncode, complaints) == (0, "")
    return said


def file_of(database: sqlite3.Connection) -> Path:
    return Path(database.execute("PRAGMA database_list").fetchone()[2])


def wait_for_the_first_batch(running: subprocess.Popen[str], database: sqlite3.Connection, table: str) -> None:
    while number_of(database, table) == ENDED + LIVE:
        assert running.poll() is None


def number_of(database: sqlite3.Connection, table: str) -> int:
    return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize(("command", "table"), TABLES)
def test_a_command_that_is_stopped_half_way_leaves_the_rest_to_the_next(
    database: sqlite3.Connection, command: str, table: str, by: signal.Signals
) -> None:
    with start(file_of(database), command) as running:
        wait_for_the_first_batch(running, database, table)
        running.send_signal(by)
        _said, complaints = running.communicate(timeout=60)
    assert running.returncode == (130 if by is signal.SIGINT else -by)
    assert ("Nothing is half done" in complaints) is (by is signal.SIGINT)
    assert "Traceback" not in complaints
    left = number_of(database, table)
    assert LIVE < left < ENDED + LIVE
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert f"Deleted {left - LIVE} " in result_of(file_of(database), command)
    assert number_of(database, table) == LIVE


@pytest.mark.parametrize(("command", "table"), TABLES)
def test_two_processes_at_once_delete_every_ended_row_once(
    database: sqlite3.Connection, command: str, table: str
) -> None:
    with start(file_of(database), command) as one, start(file_of(database), command) as other:
        answers = [each.communicate(timeout=60) for each in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0)
    assert [complaints for _said, complaints in answers] == ["", ""]
    assert sum(int(said.split()[1]) for said, _complaints in answers if said) == ENDED
    assert number_of(database, table) == LIVE


@pytest.mark.parametrize(("command", "table"), TABLES)
def test_a_visitor_writes_between_two_batches(database: sqlite3.Connection, command: str, table: str) -> None:
    with start(file_of(database), command) as running:
        wait_for_the_first_batch(running, database, table)
        for number in range(5):
            database.execute(f"INSERT INTO {table} VALUES {VALUES[table]}", (f"new {number}", "2100-01-01"))
        assert number_of(database, table) > LIVE + 5
        running.communicate(timeout=60)
    assert running.returncode == 0
    assert number_of(database, table) == LIVE + 5


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["clearsessions", *PRUNING])
def test_each_statement_of_a_pruning_finds_its_rows_by_an_index(command: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        call_command(command)
    asked = [each["sql"] for each in queries if each["sql"].startswith(("SELECT", "DELETE"))]
    assert asked
    with connection.cursor() as cursor:
        for statement in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            plan = [row[-1] for row in cursor.fetchall()]
            scans = {step for step in plan if step.startswith("SCAN") and "INDEX" not in step}
            assert scans <= {"SCAN consent_gate_showntext"}, statement  # there is one for each change of the texts
