"""How long a visitor's write waits while very many rows are deleted, by this site's commands and by Django's own.

All in one run, each on a table filled anew, of which half has ended. Another process saves a session all the while.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import django

from library_suite.cluster.lone_postgresql import start_postgresql
from library_suite.cluster.programs import ProgramsMissing

OWN = "a PostgreSQL of its own"
FOLDER = tempfile.TemporaryDirectory(prefix="bench-housekeeping-")
parser = argparse.ArgumentParser(prog="scripts/bench housekeeping", description=__doc__)
parser.add_argument("--rows", type=int, default=1_000_000, help="in Django's table of sessions (1,000,000)")
parser.add_argument("--others", type=int, default=100_000, metavar="ROWS", help="in each other table (100,000)")
parser.add_argument("--files", type=int, default=100_000, help="in the folder of sessions (100,000)")
parser.add_argument(
    "--postgres",
    metavar="URL",
    nargs="?",
    const=OWN,
    help="on PostgreSQL, in an empty database: else in one of its own",
)
arguments = parser.parse_args()

if arguments.postgres == OWN:
    try:
        arguments.postgres = start_postgresql()
    except ProgramsMissing as error:
        sys.exit(str(error))
os.environ["DATABASE_URL"] = arguments.postgres or f"sqlite:///{FOLDER.name}/library.sqlite3"
os.environ["DATA_DIR"] = f"{FOLDER.name}/data"
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore  # noqa: E402
from django.contrib.sessions.backends.file import SessionStore as FileStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from many_rows import SEALED_KEY, Filling, fill, fillings, users  # noqa: E402
from waits import PAUSE, Waits, django_command, writes_beside  # noqa: E402

from consent_gate.models import ShownText  # noqa: E402

EMPTY = """type("Command", (__import__("django.core.management", fromlist=["BaseCommand"]).BaseCommand,), {
    "handle": lambda *_arguments, **_options: None, "requires_system_checks": ()})()"""
"""A command that does nothing: what Django and this site take by themselves."""
DJANGO = "__import__('django.contrib.sessions.management.commands.clearsessions', fromlist=['Command']).Command()"
STORES = "django.contrib.sessions.backends"
STOCK = "settings.DATABASES['default']['OPTIONS'] = {}"
"""SQLite as Django sets it up: a rollback journal, in which readers and the writer wait for each other."""
MB = 1_000_000


def main() -> None:
    """Measure each way on each store, and print a table."""
    call_command("migrate", verbosity=0)
    text = ShownText.objects.create(digest="text", language="en", body={}).pk
    known = fillings(DatabaseStore, users(), text)
    print(f"{connection.display_name}; a session is saved every {PAUSE * 1_000:.0f} ms all the while.")
    print(f"{'':<68}{'a write, ms':>20}{'':>7}{'MB, at most':>13}")
    print(f"{'what':<28}{'by':<22}{'rows':>10}{'s':>8}{'99 %':>10}{'longest':>10}", end="")
    print(f"{'failed':>7}{'memory':>7}{'log':>6}{'left':>9}")
    rows = arguments.rows
    idle = writes_beside([sys.executable, "-c", "import time; time.sleep(5)"], DatabaseStore)
    show("sessions", "nobody", 0, idle, 0)
    show("nothing", "an empty command", 0, writes_beside(django_command(EMPTY), DatabaseStore), 0)
    for name, filling in known.items():
        size = rows if name == "sessions" else arguments.others
        module = "exact_sessions.db" if name == "exact sessions" else f"{STORES}.db"
        ways = {filling.command: f"'{filling.command}'"}
        for by, command in ({"Django, one DELETE": DJANGO} | ways if name == "sessions" else ways).items():
            fill(filling, size)
            if name == "users' sessions":
                DatabaseStore(SEALED_KEY).save(must_create=True)  # which these are the notes of
            optimize()
            process = django_command(command, f"settings.SESSION_ENGINE = '{module}'")
            show(name, by, size, writes_beside(process, DatabaseStore), rows_in(filling))
    measure_hashed(known["users' sessions"])
    if connection.vendor == "sqlite":
        measure_rollback_journal(known["sessions"])
        measure_files()


def measure_hashed(filling: Filling) -> None:
    """As this site is shipped: a session is found by its hash, and no key unsealed. None of them is there any more."""
    fill(filling, arguments.others)
    process = django_command(f"'{filling.command}'", "settings.SESSION_ENGINE = 'exact_sessions.db'")
    show(
        "users' sessions, hashed",
        filling.command,
        arguments.others,
        writes_beside(process, DatabaseStore),
        rows_in(filling),
    )


def measure_rollback_journal(filling: Filling) -> None:
    """The same on SQLite as a project has it that sets nothing."""
    connection.close()
    connection.settings_dict["OPTIONS"] = {}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")
    for by, command in (("Django, one DELETE", DJANGO), ("clearsessions", "'clearsessions'")):
        fill(filling, arguments.others)
        waits = writes_beside(django_command(command, STOCK, f"settings.SESSION_ENGINE = '{STORES}.db'"), DatabaseStore)
        show("sessions, rollback journal", by, arguments.others, waits, rows_in(filling))


def measure_files() -> None:
    """Django's store in files, of which half has ended."""
    folder = Path(FOLDER.name) / "sessions"
    folder.mkdir()
    settings.SESSION_FILE_PATH = str(folder)
    path_here = f"__import__('pathlib').Path({str(folder)!r})"
    there = f"settings.SESSION_FILE_PATH = {path_here}; settings.SESSION_ENGINE = '{STORES}.file'"
    content = FileStore().encode({"_auth_user_id": "1", "_auth_user_hash": 64 * "a", "num_visits": 7})
    for by, command in (("Django", DJANGO), ("clearsessions", "'clearsessions'")):
        for number in range(arguments.files):
            path = folder / f"{settings.SESSION_COOKIE_NAME}{number:032}"
            path.write_text(content)
            if number % 2:
                then = time.time() - 2 * settings.SESSION_COOKIE_AGE
                os.utime(path, (then, then))
        waits = writes_beside(django_command(command, there), FileStore)
        show("files", by, arguments.files, waits, sum(1 for _each in os.scandir(folder)))


def optimize() -> None:
    """Let the database settle after it was filled, so that this is not what is measured."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")


def show(name: str, by: str, rows: int, waits: Waits, left: int) -> None:
    """Print one line."""
    print(
        f"{name:<28}{by:<22}{rows:>10,}{waits.seconds:>8.1f}{waits.percentile(99):>10.1f}{waits.longest:>10.1f}{waits.failed:>7}"
        f"{waits.peak_memory / MB:>7.1f}{waits.longest_log / MB:>6.0f}{left:>9,}",
        flush=True,
    )


def rows_in(filling: Filling) -> int:
    """How many rows a table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {filling.table}")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
