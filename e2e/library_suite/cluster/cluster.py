"""The whole: PostgreSQL, PgBouncer, Redis, two nodes and nginx with TLS, on loopback, in a folder of their own."""

import http.client
import json
import os
import shutil
import signal
import ssl
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from library_suite.cluster.authority import HOSTS, Credentials, issue
from library_suite.cluster.processes import HOST, START_TIMEOUT, Folder, Owner, ProcessFailed, free_ports, listens
from library_suite.cluster.programs import PROGRAMS, find_programs
from library_suite.cluster.servers import Nginx, PgBouncer, PostgreSQL, RedisServer, ServerPlace
from library_suite.site import LibrarySite, manage

NODES = 2


class Node(LibrarySite):
    """One server of the site in a cluster, which ends with it."""

    def __init__(self, data: Path, settings: Mapping[str, str], home: Folder) -> None:
        super().__init__(data, settings)
        self.first_page = "/healthz"  # the others are redirected to HTTPS
        self._home = home

    def start(self, **changes: str) -> None:
        """Start it, and leave it to the caretaker."""
        super().start(**changes)
        self._home.entrust(self.process, signal.SIGQUIT)

    def kill(self) -> None:
        """End it and its workers at once, as a power cut would."""
        os.killpg(self.process, signal.SIGKILL)
        self.stop()
        deadline = time.monotonic() + START_TIMEOUT
        while listens(self.port):  # the last of them lets go of it; no child of ours, so there is nothing to wait on
            if time.monotonic() > deadline:
                raise ProcessFailed(f"Port {self.port} is still taken {START_TIMEOUT:.0f} s after its node was killed.")
            time.sleep(0.01)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])


@dataclass(frozen=True)
class HttpsResponse:
    """What came back over HTTPS."""

    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        """The body, which has to be JSON."""
        return json.loads(self.text)

    def json_or_nothing(self) -> dict[str, Any]:
        """The body if it is JSON, as it is not where nginx answers by itself."""
        return dict(self.json()) if self.headers.get("Content-Type") == "application/json" else {}


class Cluster:
    """A `Site` of two nodes; use it as a context manager. Raises `ProgramsMissing` where a program is missing."""

    def __init__(self, settings: Mapping[str, str] | None = None, port: int = 0) -> None:
        """Describe it; nothing is started. `settings` are the site's variables, the same for all nodes."""
        self._programs = find_programs(PROGRAMS)
        self._stack = ExitStack()
        self._settings = dict(settings or {})
        self._port = port

    def __enter__(self) -> Self:
        """Bring it up: what needs another part after that one."""
        with self._stack as stack:
            self.home = stack.enter_context(Folder())
            self.owner = Owner()
            self.credentials: Credentials = issue(self.home.path)
            database, bouncer, cache, front = free_ports(4)
            self.postgresql = PostgreSQL(self._place("postgres", database), self._programs["initdb"])
            self.postgresql.start()
            self.postgresql.create_database()
            self.pgbouncer = PgBouncer(self._place("pgbouncer", bouncer), self.postgresql)
            self.redis = RedisServer(self._place("redis", cache))
            self.pgbouncer.start()
            self.redis.start()
            self._prepare()
            self.nodes = [self._new_node(number) for number in range(NODES)]
            for node in self.nodes:
                stack.callback(node.stop)
                node.start()
            self.nginx = Nginx(
                self._place("nginx", self._port or front),
                [node.port for node in self.nodes],
                self.credentials,
                self.home.path / "node-0",
            )
            self.nginx.start()
            self.url = f"https://{HOSTS[0]}:{self._port or front}"
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def settings(self) -> dict[str, str]:
        """The variables of every node."""
        return {
            "DATABASE_URL": self.pgbouncer.url,
            "REDIS_URL": self.redis.url,
            "SESSION_ENGINE": "cached_db",
            "HTTPS_REDIRECT": "true",
            "TRUSTED_PROXIES": "1",
            "ALLOWED_HOSTS": ",".join((*HOSTS, HOST)),
            **self._settings,
        }

    def get(self, path: str, **headers: str) -> HttpsResponse:
        """Ask over HTTPS, as a machine that trusts the authority does."""
        return self._ask("GET", path, None, headers)

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> HttpsResponse:
        trusted = ssl.create_default_context(cafile=str(self.credentials.authority))
        connection = http.client.HTTPSConnection(self.url.removeprefix("https://"), context=trusted, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return HttpsResponse(response.status, dict(response.getheaders()), response.read().decode())
        finally:
            connection.close()

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> HttpsResponse:
        """Send a form as a browser does that stands on a page of the site."""
        body = urlencode(form)
        sent = {"Origin": self.url, "Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._ask("POST", path, body, sent)

    def wait_until_up(self) -> None:
        """Wait until every node has found again what was away, which each looks for every two seconds at most.

        Raises `ProcessFailed` if it takes a minute.
        """
        deadline = time.monotonic() + START_TIMEOUT
        in_a_row = 0
        while in_a_row < 2 * NODES:  # they are asked in turn
            health = self.get("/healthz")
            in_a_row = in_a_row + 1 if health.json_or_nothing().get("status") == "up" else 0
            if time.monotonic() > deadline:
                raise ProcessFailed(f"The cluster does not come back: {health.text}")

    def manage(self, *command: str) -> str:
        """Run a management command on the cluster's data, and give back what it printed."""
        return manage(self.home.path / "node-0", self.settings, *command)

    def _place(self, program: str, port: int) -> ServerPlace:
        return ServerPlace(self._programs[program], port, self.owner, self.home)

    def _prepare(self) -> None:
        """Fill the database, and make the data folders, which hold nothing but the pages' assets."""
        for number in range(NODES):
            (self.home.path / f"node-{number}").mkdir(mode=0o711)  # nginx reads the assets
        for command in (("migrate",), ("seed_library",), ("collectstatic", "--no-input")):
            self.manage(*command, "--verbosity", "0")
        for number in range(1, NODES):
            shutil.copytree(self.home.path / "node-0" / "static", self.home.path / f"node-{number}" / "static")

    def _new_node(self, number: int) -> Node:
        return Node(self.home.path / f"node-{number}", self.settings, self.home)
