"""What grows with the number of rows and what does not: pages, lists, the gate, and the wait for house-keeping.

Every size has a database of its own, with as many sessions, notes of users' sessions and receipts as it says, and as
many books up to `--books`. Half of the rows have ended. Beside them stands what one would write without thinking of
size.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import django

from library_suite.cluster.lone_postgresql import start_postgresql
from library_suite.cluster.programs import ProgramsMissing

OWN = "a PostgreSQL of its own"
FOLDER = tempfile.TemporaryDirectory(prefix="bench-growth-")
parser = argparse.ArgumentParser(prog="scripts/bench growth", description=__doc__)
parser.add_argument("--largest", type=int, default=1_000_000, metavar="ROWS", help="the last size (1,000,000)")
parser.add_argument("--books", type=int, default=100_000, metavar="N", help="most books (100,000)")
parser.add_argument("--chart", type=Path, default=Path("build/growth.svg"), metavar="FILE", help="(build/growth.svg)")
parser.add_argument("--json", type=Path, default=Path("build/growth.json"), metavar="FILE", help="(build/growth.json)")
parser.add_argument(
    "--postgres",
    metavar="URL",
    nargs="?",
    const=OWN,
    help="only say how large rows are in an empty database there: else in one of its own",
)
arguments = parser.parse_args()

if arguments.postgres == OWN:
    try:
        arguments.postgres = start_postgresql()
    except ProgramsMissing as error:
        sys.exit(str(error))
os.environ["DATABASE_URL"] = arguments.postgres or f"sqlite:///{FOLDER.name}/empty.sqlite3"
os.environ["DATA_DIR"] = f"{FOLDER.name}/data"
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import SESSION_KEY, get_user_model  # noqa: E402
from django.contrib.auth.base_user import AbstractBaseUser  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from growth_chart import Line, Panel, chart  # noqa: E402
from many_rows import Filling, fill, fillings, users  # noqa: E402
from waits import django_command, writes_beside  # noqa: E402

from catalog.seeding import load_collection  # noqa: E402
from consent_gate.api import OPTIONAL_PURPOSES, RECEIPTS_KEPT_FOR  # noqa: E402
from consent_gate.middleware import ConsentGateMiddleware  # noqa: E402
from consent_gate.models import ShownText  # noqa: E402
from consent_gate.testing import give_choice  # noqa: E402
from privacy_dashboard.user_sessions import live_sessions  # noqa: E402

SMALLEST = 1_000
OWN_SESSIONS = 5
TIMES = 15
"""How often a page is asked for; the median counts."""
FEW_TIMES = 100_000
"""From so many rows on the naive list is made once."""
LONGEST_CLEARING = 30
"""Seconds after which a clearing is stopped, which it takes well; the waits until then count."""
PASSWORD = "correct horse battery staple"
DJANGO = "__import__('django.contrib.sessions.management.commands.clearsessions', fromlist=['Command']).Command()"
IDLE = [sys.executable, "-c", "import time; time.sleep(5)"]
"""What a write takes beside this is the machine's other work."""
BYTES, STATEMENTS = "bytes of a row, with its indexes", "a visitor's steps"
MS = 1_000
GB = 10**9
NOTES = "users' sessions"


def main() -> None:
    """Measure each size, print the tables, and draw the chart."""
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user("owner", password=PASSWORD)
    owners = users()
    text = ShownText.objects.create(digest="text", language="en", body={}).pk
    load_collection(date(2026, 11, 25))
    written = print_steps()
    if arguments.postgres:
        print_plan(sizes(owners, text, FEW_TIMES), written)
        return
    empty = Path(connection.settings_dict["NAME"])
    times: dict[str, dict[int, float]] = {}
    empty = settle(empty)
    open_database(shutil.copy(empty, empty.with_name("rows.sqlite3")))
    found = sizes(owners, text, FEW_TIMES)
    known = fillings(DatabaseStore, owners, text)
    rows = SMALLEST
    while rows <= arguments.largest:
        open_database(shutil.copy(empty, empty.with_name(f"{rows}.sqlite3")))
        for name in ("sessions", NOTES, "receipts"):
            fill(known[name], rows)
        add_books(min(rows, arguments.books))
        settle(empty.with_name(f"{rows}.sqlite3"))
        for name, milliseconds in measured(rows, known["sessions"]).items():
            times.setdefault(name, {})[rows] = milliseconds
            print(f"{rows:>12,} rows  {name:<44}{milliseconds:>12,.3f} ms", flush=True)
        connection.close()
        Path(connection.settings_dict["NAME"]).unlink()
        rows *= 10
    print_plan(found, written)
    arguments.json.parent.mkdir(exist_ok=True)
    arguments.json.write_text(json.dumps({"ms by rows": times, BYTES: found}, indent=1))
    draw(times)


def measured(rows: int, sessions: Filling) -> dict[str, float]:
    """Milliseconds of each thing in the database as it stands; the last ones fill its table of sessions anew."""
    owner = get_user_model().objects.get(username="owner")
    undecided, counting = browser(), signed_in_browser()
    for _ in range(OWN_SESSIONS - 1):
        signed_in_browser()
    if len(live_sessions(owner, None)) != OWN_SESSIONS:
        raise RuntimeError("The list of sessions is not what was written.")
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in counting.cookies.items())
    request = RequestFactory().get("/", headers={"cookie": cookies})
    gate = ConsentGateMiddleware(answer)
    found = {
        "home, undecided": typical(lambda: undecided.get("/")),
        "home, counting": typical(lambda: counting.get("/")),
        "dashboard": typical(lambda: counting.get("/privacy/")),
        "my sessions": typical(lambda: live_sessions(owner, None)),
        "gate": typical(lambda: gate(request)),
        "my sessions, each row decoded": typical(lambda: decoded(str(owner.pk)), 1 if rows >= FEW_TIMES else 3),
    }
    found["nobody is clearing"] = writes_beside(IDLE, DatabaseStore).longest
    for name, command in (("clearing, Django's one DELETE", DJANGO), ("clearing", "'clearsessions'")):
        fill(sessions, rows)
        here = settle(Path(connection.settings_dict["NAME"]))
        place = f"settings.DATABASES['default']['NAME'] = {str(here)!r}"
        process = django_command(command, place, "settings.SESSION_ENGINE = 'django.contrib.sessions.backends.db'")
        found[name] = writes_beside(process, DatabaseStore, LONGEST_CLEARING).longest
    return found


def browser() -> Client:
    """One that comes by HTTPS, and asks from the site's own pages."""
    client = Client(SERVER_NAME="localhost", HTTP_SEC_FETCH_SITE="same-origin")
    client.defaults["wsgi.url_scheme"] = "https"
    return client


def signed_in_browser() -> Client:
    """The browser of the owner, who allows everything."""
    client = browser()
    give_choice(client, *OPTIONAL_PURPOSES)
    client.get("/")
    client.post("/accounts/sign-in/", {"username": "owner", "password": PASSWORD}, follow=True)
    if SESSION_KEY not in client.session:
        raise RuntimeError("Nobody was signed in.")
    return client


def answer(request: HttpRequest) -> HttpResponse:
    """The trivial view."""
    return HttpResponse("plain")


def decoded(user: str) -> list[Session]:
    """A user's sessions by way of Django's own table alone, which says of no row whose it is."""
    live = Session.objects.filter(expire_date__gt=timezone.now())
    return [each for each in live.iterator() if each.get_decoded().get(SESSION_KEY) == user]


def typical(action: Callable[[], object], times: int = TIMES) -> float:
    """The median of some times, in milliseconds of the processor, as other work on the machine changes these least.

    The first one of several does not count: it fills caches.
    """
    taken = []
    for _ in range(times + (times > 1)):
        start = time.process_time()
        action()
        taken.append(time.process_time() - start)
    return MS * median(taken[times > 1 :])


def sizes(owners: Sequence[AbstractBaseUser], text: str, rows: int) -> dict[str, float]:
    """Fill the tables that grow with the visitors; gives back the bytes of a row of each, its indexes included."""
    found = {}
    for name, filling in fillings(DatabaseStore, owners, text).items():
        before = size_of_database()
        fill(filling, rows)
        found[name] = (size_of_database() - before) / rows
    return found


def size_of_database() -> int:
    """Bytes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        return int(pages) * int(cursor.execute("PRAGMA page_size").fetchone()[0])


def add_books(number: int) -> None:
    """Copies of books that are there, under titles of their own."""
    columns = "original_title, year, summary, author_id, language_id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO catalog_book ({columns}, views, title, filed_as, search_text) "
            f"SELECT {columns}, 0, title || ' ' || n, filed_as || ' ' || n, search_text || ' ' || n FROM "
            f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {number}) SELECT n FROM s) "
            "JOIN catalog_book ON id = 1 + n % (SELECT count(*) FROM catalog_book)"
        )


def open_database(path: str | Path) -> None:
    """Take a file for the database."""
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = str(path)


def settle(path: Path) -> Path:
    """Write everything from the log into the file, so that it can be copied."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def print_steps() -> int:
    """What each step of a visitor reads and writes, and the bytes that adds to the database's log; these are summed."""
    client = browser()
    accept = {"answer": "accept", "place": "banner", "next": "/"}
    sign_in = {"username": "owner", "password": PASSWORD}
    steps: dict[str, Callable[[], object]] = {
        "arrives, undecided": lambda: client.get("/"),
        "opens a second page": lambda: client.get("/books/"),
        "allows everything": lambda: client.post("/cookies/choice/", accept, follow=True),
        "opens a page, counting": lambda: client.get("/"),
        "opens another": lambda: client.get("/books/"),
        "signs in": lambda: client.post("/accounts/sign-in/", sign_in, follow=True),
        "opens a page, signed in": lambda: client.get("/"),
        "looks at the dashboard": lambda: client.get("/privacy/"),
        "signs out": lambda: client.post("/accounts/sign-out/", follow=True),
    }
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint = 0")  # the log would begin anew
    begin = size_of_log()
    print(f"{STATEMENTS:<28}{'reads':>8}{'writes':>8}{'bytes written':>15}")
    for name, step in steps.items():
        before = size_of_log()
        with CaptureQueriesContext(connection) as queries:
            step()
        asked = [each["sql"].lstrip("( ").split(" ", 1)[0] for each in queries]
        reads, writes = asked.count("SELECT"), sum(each in {"INSERT", "UPDATE", "DELETE"} for each in asked)
        print(f"{name:<28}{reads:>8}{writes:>8}{size_of_log() - before:>15,}")
    print(flush=True)
    return size_of_log() - begin


def size_of_log() -> int:
    """Bytes that were ever written to it, or that it has."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'")
            return int(cursor.fetchone()[0])
    return Path(f"{connection.settings_dict['NAME']}-wal").stat().st_size


def print_plan(found: dict[str, float], written: int) -> None:
    """How large a row is, and what that makes of very many sessions, each of somebody new who allows everything."""
    print(f"\n{BYTES} ({connection.display_name})")
    for name, size in found.items():
        print(f"{name:<28}{size:>8,.0f}")
    days = timedelta(seconds=settings.SESSION_COOKIE_AGE).days
    print(f"\nEvery session is a new visitor's, who does all of these steps, and ends after {days} days.")
    print(f"{'sessions':>12}{'new a second':>14}{'GB':>8}{'lists, GB':>11}{'receipts':>15}{'GB':>8}{'log, MB/s':>11}")
    for sessions in (10**5, 10**6, 10**7, 10**8):
        new = sessions / (days * 86_400)
        receipts = sessions / days * RECEIPTS_KEPT_FOR.days
        print(
            f"{sessions:>12,}{new:>14.2f}{sessions * found['exact sessions'] / GB:>8.1f}"
            f"{sessions * found[NOTES] / GB:>11.1f}{receipts:>15,.0f}{receipts * found['receipts'] / GB:>8.1f}"
            f"{new * written / 10**6:>11.2f}"
        )


def draw(times: dict[str, dict[int, float]]) -> None:
    """Write the chart."""

    def line(name: str, label: str | None = None, *, naive: bool = False) -> Line:
        return Line(label or name, list(times[name].items()), naive)

    panels = (
        Panel(
            "One page, processor time",
            [line("home, counting"), line("home, undecided"), line("dashboard"), line("gate")],
        ),
        Panel(
            "The list of my sessions, processor time",
            [line("my sessions", "by an index"), line("my sessions, each row decoded", "each row decoded", naive=True)],
        ),
        Panel(
            "Longest wait of a write during clearing",
            [
                line("clearing", "in batches"),
                line("nobody is clearing", "nobody is clearing"),
                line("clearing, Django's one DELETE", "Django's one DELETE", naive=True),
            ],
        ),
    )
    commit = os.environ.get("BENCH_COMMIT", "unknown")
    note = f"scripts/bench growth, {timezone.now():%Y-%m-%d} at {commit}; SQLite, at most {arguments.books:,} books"
    arguments.chart.write_text(chart(panels, note))
    print(f"\nDrawn in {arguments.chart}.")


if __name__ == "__main__":
    main()
