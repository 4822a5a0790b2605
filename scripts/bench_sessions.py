"""What it costs to list the sessions of an account, in a small table and in a large one, side by side in one run.

Each size has an SQLite database of its own, with as many rows in the table of sessions as in the list: whatever grows
with either of them shows.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

import django

FOLDER = tempfile.TemporaryDirectory(prefix="bench-sessions-")
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER.name}/empty.sqlite3"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.base_user import AbstractBaseUser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from exact_sessions.db import ExactSessionStore  # noqa: E402
from exact_sessions.models import ExactSession  # noqa: E402
from privacy_dashboard.models import UserSession  # noqa: E402
from privacy_dashboard.user_sessions import digest_of, live_sessions, mark_of  # noqa: E402

OWN_SESSIONS = 5
BATCH = 5_000
"""Rows in one statement."""
READERS = 1_000
"""Accounts that the other sessions belong to."""


def main() -> None:
    """Fill both databases, time the list in interleaved rounds, and print the medians."""
    parser = argparse.ArgumentParser(prog="scripts/bench sessions", description=__doc__)
    parser.add_argument("--small", type=int, default=1_000, metavar="ROWS")
    parser.add_argument("--large", type=int, default=1_000_000, metavar="ROWS")
    parser.add_argument("--rounds", type=int, default=200)
    arguments = parser.parse_args()
    sizes = (arguments.small, arguments.large)
    for rows in sizes:
        open_database(rows)
        call_command("migrate", verbosity=0)
        fill(rows)
    times: dict[int, list[float]] = {rows: [] for rows in sizes}
    queries: dict[int, int] = {}
    for _ in range(arguments.rounds):
        for rows in sizes:
            open_database(rows)
            user = get_user_model().objects.get(username="owner")
            queries[rows] = number_of_queries(user)
            times[rows].append(milliseconds(user))
    print(f"Listing {OWN_SESSIONS} sessions of an account: median of {arguments.rounds} interleaved rounds")
    print(f"{'rows in each table':>20}{'queries':>10}{'ms':>10}")
    for rows in sizes:
        print(f"{rows:>20,}{queries[rows]:>10}{median(times[rows]):>10.3f}")
    print(f"ratio {median(times[sizes[1]]) / median(times[sizes[0]]):.2f}")


def open_database(rows: int) -> None:
    """Take the database of one size for the default one."""
    connection.close()
    connection.settings_dict["NAME"] = str(Path(FOLDER.name) / f"{rows}.sqlite3")
    connection.ensure_connection()


@transaction.atomic
def fill(rows: int) -> None:
    """Make an account with its sessions, among those of many others."""
    accounts = get_user_model().objects
    owner = accounts.create_user("owner", password="a password")
    readers = accounts.bulk_create(accounts.model(username=f"reader-{number}") for number in range(READERS))
    insert(Pair(owner, f"own{number:029}") for number in range(OWN_SESSIONS))
    insert(Pair(readers[number % READERS], f"{number:032}") for number in range(rows - OWN_SESSIONS))


class Pair(NamedTuple):
    """A session and the note of it."""

    user: AbstractBaseUser
    key: str


def insert(pairs: Iterator[Pair]) -> None:
    """Write sessions and their notes, some thousands at a time."""
    ends = timezone.now() + timedelta(days=14)
    data = ExactSessionStore().encode({"_auth_user_id": "1", "num_visits": 7})
    while batch := list(islice(pairs, BATCH)):
        ExactSession.objects.bulk_create(ExactSession(digest_of(pair.key), data, ends) for pair in batch)
        UserSession.objects.bulk_create(
            UserSession(
                user_id=pair.user.pk,
                digest=digest_of(pair.key),
                password_mark=mark_of(pair.user.get_session_auth_hash()),
                began_at=ends - timedelta(days=14),
                ends_at=ends,
                until_browser_closes=False,
            )
            for pair in batch
        )


def number_of_queries(user: AbstractBaseUser) -> int:
    """Of one list. It opens the connection for what is timed, too."""
    with CaptureQueriesContext(connection) as queries:
        if len(live_sessions(user, None)) != OWN_SESSIONS:
            raise RuntimeError("The list is not what was written.")
    return len(queries)


def milliseconds(user: AbstractBaseUser) -> float:
    """The time of one list."""
    start = time.perf_counter()
    live_sessions(user, None)
    return (time.perf_counter() - start) * 1_000


if __name__ == "__main__":
    main()
