"""An outage of the database passes, and visitors are told so; what is broken for good is said as before."""

import errno
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import psycopg_pool
import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, connection
from django.db.utils import DatabaseErrorWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import translation
from pytest_django import Settings

from locallibrary.error_log import ErrorFormatter
from locallibrary.outages import is_outage
from locallibrary.urls import handler400, handler403, handler404, handler500
from locallibrary.urls import urlpatterns as own_addresses

__all__ = ["handler400", "handler403", "handler404", "handler500"]


class PostgreSQL:
    """As much of Django's connection as its wrapper of errors asks."""

    Database = psycopg
    errors_occurred = False


def as_django_raises(error: Exception) -> Exception:
    with pytest.raises(DatabaseError) as caught, DatabaseErrorWrapper(PostgreSQL()):
        raise error
    return caught.value


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.AdminShutdown(),
        psycopg.errors.CannotConnectNow(),
        psycopg.errors.DiskFull(),
        psycopg.errors.ReadOnlySqlTransaction(),
        psycopg.errors.TooManyConnections(),
        psycopg.errors.ConnectionTimeout(),
        psycopg_pool.PoolTimeout(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_passes_in_postgresql_is_an_outage(error: Exception) -> None:
    assert is_outage(as_django_raises(error))


@pytest.mark.parametrize(
    "error",
    [psycopg.errors.UndefinedTable(), psycopg.errors.UniqueViolation(), psycopg.errors.InFailedSqlTransaction()],
    ids=lambda error: type(error).__name__,
)
def test_what_is_wrong_in_postgresql_is_no_outage(error: Exception) -> None:
    assert not is_outage(as_django_raises(error))


def sqlite_error(make: Callable[[], object]) -> OperationalError:
    with pytest.raises(sqlite3.OperationalError) as caught:
        make()
    error = OperationalError()
    error.__cause__ = caught.value
    return error


def test_a_full_or_read_only_sqlite_is_an_outage_and_a_lost_table_is_not(tmp_path: Path) -> None:
    file = tmp_path / "database"
    full = sqlite3.connect(file)
    full.executescript("CREATE TABLE t (x); PRAGMA max_page_count = 2;")
    assert is_outage(sqlite_error(lambda: full.execute("INSERT INTO t VALUES (zeroblob(100000))")))
    read_only = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    assert is_outage(sqlite_error(lambda: read_only.execute("INSERT INTO t VALUES (1)")))
    assert is_outage(sqlite_error(lambda: sqlite3.connect(tmp_path / "no folder" / "database")))
    assert not is_outage(sqlite_error(lambda: full.execute("SELECT * FROM lost")))
    full.close()
    read_only.close()


def test_a_full_disk_is_an_outage_and_a_missing_file_is_not() -> None:
    assert is_outage(OSError(errno.ENOSPC, "No space left on device"))
    assert not is_outage(FileNotFoundError(errno.ENOENT, "No such file"))
    assert is_outage(InterfaceError())
    assert not is_outage(InternalError())
    assert not is_outage(KeyError())
    assert not is_outage(None)


def full_disk(request: HttpRequest) -> HttpResponse:
    raise OSError(errno.ENOSPC, "the visitor's secret")


urlpatterns = [path("full/", full_disk), *own_addresses]


@pytest.fixture
def visitor(settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("language", "heading"), [("en", "Back in a moment"), ("de", "Gleich wieder da")])
def test_an_outage_is_a_page_with_503_that_says_when_to_come_back(visitor: Client, language: str, heading: str) -> None:
    with translation.override(language):
        response = visitor.get("/full/", headers={"accept-language": language})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert f"<h1>{heading}</h1>" in response.content.decode()
    assert b'class="site-nav"' in response.content
    assert not response.cookies


def test_an_outage_is_a_line_in_the_log_without_a_stack(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="django.request"):
        visitor.get("/full/")
    (record,) = (each for each in caplog.records if each.name == "django.request")
    line = ErrorFormatter("%(message)s").format(record)
    number = vars(record)["request"].error_id
    assert line == f"django.request: answered 503, at /full/, error {number}: builtins.OSError"


@pytest.mark.django_db(transaction=True)  # what fails must not take the connection along
def test_a_database_that_only_reads_is_said_to_visitors_who_write(visitor: Client) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the statement that makes this connection read-only is SQLite's")
    visitor.post("/cookies/choice/", {"answer": "accept", "place": "page"}, headers={"origin": "http://testserver"})
    visitor.get("/")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            response = visitor.get("/")
        finally:
            cursor.execute("PRAGMA query_only = OFF")
    assert response.status_code == 503, "Django itself would say that the session was deleted"
    assert django_settings.SESSION_COOKIE_NAME not in response.cookies
    assert visitor.get("/").status_code == 200
