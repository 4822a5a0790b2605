"""What the projects share: settings, a database of their own, and a server on a free port."""

import secrets
from collections.abc import Callable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from cookie_corpus.projects.told import ToldSite

_DJANGOS_OWN = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
)
_CONTEXT = ("django.template.context_processors.request", "django.contrib.auth.context_processors.auth")
_SESSIONS = ("django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware")


class ThreadedServer(ThreadingMixIn, WSGIServer):
    """A thread for each request, as browsers ask for several things at once."""

    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    """Writes no line for each request: the corpus's server has noted it."""

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 -- as the base class has it
        """Stay quiet."""


class NoMigrations:
    """Says of every app that it has none, so that its tables are made from its models."""

    def __contains__(self, label: str) -> bool:
        return True

    def __getitem__(self, label: str) -> None:
        return None


def set_up(site: ToldSite, installed: tuple[str, ...], middleware: tuple[str, ...], **more: object) -> None:
    """Settings with these apps, and their tables in a new database: made from the models, as no data is to be kept."""
    folder = Path(site.folder)
    settings.configure(
        SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="cookie_corpus.projects.urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "project.sqlite3"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[*_DJANGOS_OWN, *installed],
        MIDDLEWARE=[*_SESSIONS, *middleware],
        MIGRATION_MODULES=NoMigrations(),
        STATIC_URL="/static/",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [folder],
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": list(_CONTEXT)},
            }
        ],
        USE_TZ=True,
        **more,
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


def model(app: str, name: str) -> Any:
    """A model of a package that is not there when types are checked."""
    return apps.get_model(app, name)


def serve(prepare: Callable[[], None]) -> None:
    """Prepare the database, say the port on a line of its own, and serve until the process is ended."""
    prepare()
    with make_server("127.0.0.1", 0, get_wsgi_application(), ThreadedServer, QuietHandler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()
