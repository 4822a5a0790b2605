"""Somebody else's Django project: what `startproject` writes, with the few lines that the installation asks for."""

import signal
from dataclasses import dataclass
from pathlib import Path

from cookie_harness import ServerProcess
from tests.foreign.environment import Environment, run, variables

SETTINGS, URLS = "mysite/settings.py", "mysite/urls.py"
SERVED = """\
from django.contrib.staticfiles.handlers import StaticFilesHandler
from mysite.wsgi import application as pages
application = StaticFilesHandler(pages)
"""
"""What `manage.py runserver` serves: the pages, and in development the static files too."""


@dataclass(frozen=True)
class Step:
    """One change of one file: `old` is there once, and `new` takes its place."""

    file: str
    old: str
    new: str


class Project:
    """A project in a folder and an environment of its own."""

    def __init__(self, folder: Path, environment: Environment) -> None:
        """Start it, as `django-admin startproject mysite` does."""
        self.folder = folder
        self.environment = environment
        run([str(environment.python), "-m", "django", "startproject", "mysite", "."], folder)
        self._stock = {name: self._read(name) for name in (SETTINGS, URLS)}

    def _read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, files: dict[str, str]) -> None:
        """Write files of the stranger's own, each named by its path in the project."""
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def take(self, *steps: Step) -> None:
        """Take steps of an installation."""
        for step in steps:
            text = self._read(step.file)
            assert text.count(step.old) == 1, f"{step.file} has not once, but {text.count(step.old)} times:\n{step.old}"
            self.write({step.file: text.replace(step.old, step.new)})

    def lines_added(self, name: str) -> list[str]:
        """The lines of the settings or addresses that `startproject` did not write."""
        stock = self._stock[name].splitlines()
        return [line for line in self._read(name).splitlines() if line.strip() and line not in stock]

    def manage(self, *command: str, accept: tuple[int, ...] = (0,)) -> str:
        """Run a management command, and give back what it printed."""
        return run([str(self.environment.python), "manage.py", *command], self.folder, accept=accept)

    def server(self) -> ServerProcess:
        """A server for it, with its database ready, not yet started."""
        self.manage("migrate", "--verbosity", "0")
        self.write({"served.py": SERVED})
        gunicorn = [str(self.environment.python), "-m", "gunicorn", "--threads", "4", "served"]
        return ServerProcess(
            lambda descriptor: [*gunicorn, "--bind", f"fd://{descriptor}"],
            self.folder / "server.log",
            environment=variables(),
            folder=self.folder,
            stop_with=signal.SIGQUIT,
        )
