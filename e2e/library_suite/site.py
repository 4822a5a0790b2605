"""The library site as shipped: gunicorn, production settings, a data folder of its own."""

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from cookie_harness import ServerProcess
from library_suite.steady.late_responses import LateResponses
from library_suite.steady.loads import seconds_late

CHECKOUT = Path(__file__).resolve().parents[2]
SITE = CHECKOUT / "site"
TRACE = "Traceback"
"""How the stack of an error begins on the console."""
SECRET_KEY = "the key of the sites that the browser suite starts and of no other"


def hash_of(session_key: str) -> str:
    """What the site's table of sessions knows a session by."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class Site(Protocol):
    """A running site, as far as a visitor can know it."""

    @property
    def url(self) -> str:
        """The site's address, without a slash at its end."""


class LibrarySite:
    """One server of the library. `settings` are the site's environment variables (docs/settings.md has their table)."""

    def __init__(self, data: Path, settings: Mapping[str, str]) -> None:
        self.data = data
        self.settings = dict(settings)
        self.may_fail = False
        """Whether a test makes this server fail; else an error on its console fails the test that stops it."""
        self.first_page = "/about/"
        """What has to be answered for the server to count as started."""
        self._server = self._new_server(port=0)
        self._late: LateResponses | None = None

    def _new_server(self, port: int) -> ServerProcess:
        return ServerProcess(
            _gunicorn,
            self.data / "server.log",
            environment=variables(self.data, self.settings) | measuring(self.settings),
            folder=SITE,
            path=self.first_page,
            port=port,
            # gunicorn's quick end (docs.gunicorn.org/en/stable/signals.html): the graceful one waits up to two seconds
            # while a browser keeps a connection open. By then the tests have all their answers.
            stop_with=signal.SIGQUIT,
        )

    @property
    def url(self) -> str:
        """The site's address, without a slash at its end."""
        return self._late.url if self._late else self._server.url

    @property
    def process(self) -> int:
        """The id of the server's first process, the parent of those that answer."""
        return self._server.process

    @property
    def console(self) -> str:
        """All that the server has printed."""
        return self._server.log_text

    @property
    def has_failed(self) -> bool:
        """Whether the server has met an error."""
        return TRACE in self.console

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, **changes: str) -> None:
        """Start the server, with `changes` to its settings from now on."""
        self.settings |= changes
        self._server = self._new_server(self._server.port)
        self._server.start()
        if seconds := seconds_late():
            self._late = LateResponses(self._server.port, seconds, self._late.port if self._late else 0)
            self._late.start()

    def stop(self) -> None:
        """Stop the server; the data folder stays."""
        if self._late:
            self._late.stop()
        self._server.stop()

    def restart(self, **changes: str) -> None:
        """Stop the server and start it at the same address, with `changes` to its settings."""
        self.stop()
        self.start(**changes)

    def manage(self, *command: str) -> str:
        """Run a management command on the site's data, and give back what it printed."""
        return manage(self.data, self.settings, *command)

    def make_librarian(self, password: str) -> str:
        """Create an account that may use the administration, and give back its name."""
        name = f"librarian-{secrets.token_hex(6)}"
        account = {"DJANGO_SUPERUSER_USERNAME": name, "DJANGO_SUPERUSER_PASSWORD": password}
        manage(self.data, self.settings | account, "createsuperuser", "--no-input", "--email", "")
        return name

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """Look into the site's database, or change it behind the site's back."""
        with closing(sqlite3.connect(self.data / "library.sqlite3", timeout=20, isolation_level=None)) as connection:
            yield connection

    def session_count(self) -> int:
        """How many session rows there are, expired ones too."""
        with self.database() as database:
            return int(database.execute("SELECT count(*) FROM exact_sessions_session").fetchone()[0])

    def holds_session(self, key: str) -> bool:
        """Whether there is a session row for this key, an expired one too."""
        with self.database() as database:
            found = database.execute("SELECT 1 FROM exact_sessions_session WHERE key_hash = ?", [hash_of(key)])
            return found.fetchone() is not None

    def views_of_book(self, number: int) -> int:
        """How often a book was opened, by everybody together."""
        with self.database() as database:
            return int(database.execute("SELECT views FROM catalog_book WHERE id = ?", [number]).fetchone()[0])


def prepare(data: Path) -> None:
    """Make a data folder with an empty set of visitors, the whole collection, and the pages' assets."""
    data.mkdir(parents=True)
    manage(data, {}, "migrate", "--verbosity", "0")
    manage(data, {}, "seed_library", "--verbosity", "0")
    manage(data, {}, "collectstatic", "--no-input", "--verbosity", "0")


def prepare_once(data: Path, make: Callable[[Path], None] = prepare) -> Path:
    """Prepare a folder for several processes: the first that asks makes it, the others wait. Gives the folder back."""
    with data.with_name(f"{data.name}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            unfinished = data.with_name(f"{data.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(data)
    return data


def copy_prepared(prepared: Path, data: Path) -> None:
    """Make another data folder like a prepared one. The assets, which no test changes, are shared."""
    data.mkdir(parents=True)
    shutil.copy(prepared / "library.sqlite3", data / "library.sqlite3")
    (data / "static").symlink_to(prepared / "static")


def variables(data: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a server: nothing of the shell that runs the tests leaks in but the search path."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # The packages of this very tree, wherever the environment has its own from: `scripts/mutate` tests copies.
    inherited["PYTHONPATH"] = os.pathsep.join(map(str, (SITE, CHECKOUT / "dashboard")))
    # Of the many sites that run at once none needs all processors.
    own = {"PYTHONUNBUFFERED": "1", "SECRET_KEY": SECRET_KEY, "DATA_DIR": str(data), "WEB_CONCURRENCY": "1"}
    return {**inherited, **own, **settings}


def measuring(settings: Mapping[str, str]) -> dict[str, str]:
    """What has a server with these settings measure its coverage, while COVERAGE_ROOT names the checkout to measure.

    Only servers with default settings, which many tests share: to measure each one makes the suite a quarter slower.
    """
    root = os.environ.get("COVERAGE_ROOT")
    if root is None or settings:
        return {}
    return {"COVERAGE_ROOT": root, "COVERAGE_PROCESS_START": str(Path(root, "pyproject.toml"))}


def manage(data: Path, settings: Mapping[str, str], *command: str) -> str:
    """Run one of the site's management commands; a failure shows what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=SITE,
        env=variables(data, settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def _gunicorn(descriptor: int) -> list[str]:
    return [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"fd://{descriptor}"]
