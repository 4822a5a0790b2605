"""Runs a Django project of `projects/` beside the corpus's server, which asks it for pages and notes who asked."""

import http.client
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Self

from cookie_corpus.projects.told import ToldSite
from cookie_corpus.table import FOLDER

# Seconds that an answer may take.
PATIENCE = 30
# What is said of one connection, and not of what it carries (RFC 9110, section 7.6.1).
_OF_CONNECTIONS = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})


class ProjectFailed(RuntimeError):
    """A project did not start; the message is one sentence."""


@dataclass(frozen=True)
class ProjectAnswer:
    """What a project answered; headers in their order, as there may be several of one name."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class ProjectProcess:
    """A project with its package's own Django, as a context manager."""

    def __init__(self, name: str, package: Path, pages: Mapping[str, str], site: ToldSite) -> None:
        """`package` is the folder into which pip installed it; `pages` are templates by the names of their files."""
        self._module = f"cookie_corpus.projects.{name.replace('-', '_')}"
        self._package = package
        self._pages = pages
        self._site = site
        self._port = 0

    def __enter__(self) -> Self:
        folder = Path(self._site.folder)
        for name, text in self._pages.items():
            (folder / name).write_text(text, encoding="utf-8")
        self._site.tell(folder / "site.json")
        with tempfile.TemporaryFile("w+") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module, folder / "site.json"],
                env={**environ, "PYTHONPATH": f"{self._package}:{FOLDER.parent}", "PYTHONWARNINGS": "ignore"},
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
            port = self._process.stdout.readline() if self._process.stdout else ""
            if not port:
                self._process.wait()
                said.seek(0)
                lines = said.read().strip().splitlines()
                raise ProjectFailed(f"{self._module} did not start: {lines[-1] if lines else 'it said nothing'}")
        self._port = int(port)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> ProjectAnswer:
        """Pass a request on, with the host that it was sent to."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                if name.lower() not in _OF_CONNECTIONS:
                    connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.putheader("Connection", "close")
            connection.endheaders(body)
            answer = connection.getresponse()
            kept = tuple((name, value) for name, value in answer.getheaders() if name.lower() not in _OF_CONNECTIONS)
            return ProjectAnswer(answer.status, kept, answer.read())
        finally:
            connection.close()
