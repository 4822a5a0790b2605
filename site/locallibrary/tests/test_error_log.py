"""The log says where it broke, and nothing of what a visitor sent."""

import logging
import re
import sys
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from gunicorn.config import Config
from pytest_django import Settings

from locallibrary.error_log import LINE, ErrorFormatter
from locallibrary.server_log import ServerLog
from locallibrary.urls import handler400, handler403, handler404, handler500
from locallibrary.urls import urlpatterns as own_addresses

__all__ = ["handler400", "handler403", "handler404", "handler500"]

pytestmark = pytest.mark.django_db

SECRET = "hunter2"


def fails(request: HttpRequest, name: str) -> HttpResponse:
    try:
        int(request.GET["q"])
    except ValueError as error:
        raise KeyError(request.POST["password"] + request.COOKIES["visits"] + name) from error
    return HttpResponse()


urlpatterns = [path("fails/<str:name>/", fails), *own_addresses]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> "Log":
    """All that the production settings' handler writes."""
    written = Log()
    logger = logging.getLogger()
    handler = next(each for each in logger.handlers if isinstance(each.formatter, ErrorFormatter))
    assert isinstance(handler, logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", written)
    return written


class Log:
    text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


@pytest.fixture
def visitor(settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    visitor = Client(raise_request_exception=False, headers={"user-agent": f"Browser/{SECRET}"})
    visitor.defaults["REMOTE_ADDR"] = "203.0.113.77"
    visitor.cookies["visits"] = SECRET
    return visitor


def test_an_error_is_logged_with_its_number_its_class_and_its_stack(visitor: Client, log: Log) -> None:
    page = visitor.post(f"/fails/{SECRET}/?q={SECRET}", {"password": SECRET}).content.decode()
    number = re.search(r"<code>(\w{8})</code>", page)
    assert number
    assert f"django.request: answered 500, at /fails/<str:name>/, error {number[1]}\n" in log.text
    assert f'{Path(__file__).name}", line' in log.text
    assert ", in fails\n" in log.text
    assert log.text.index("builtins.ValueError\n") < log.text.index("builtins.KeyError\n")


def test_an_error_is_logged_without_anything_that_came_with_the_request(visitor: Client, log: Log) -> None:
    visitor.post(f"/fails/{SECRET}/?q={SECRET}", {"password": SECRET})
    assert "Traceback" in log.text
    assert SECRET not in log.text
    assert "203.0.113.77" not in log.text


def test_a_refused_request_is_logged_by_its_kind_alone(visitor: Client, log: Log) -> None:
    assert visitor.get(f"/about/?{SECRET}", headers={"host": f"{SECRET}.example"}).status_code == 400
    assert log.text.endswith("[ERROR] django.security.DisallowedHost: answered 400\n")
    assert log.text.count("\n") == 1


def test_a_missing_page_is_not_logged(visitor: Client, log: Log) -> None:
    assert visitor.get(f"/{SECRET}/").status_code == 404
    assert log.text == ""


@pytest.fixture
def server_log(monkeypatch: pytest.MonkeyPatch) -> tuple[ServerLog, Log]:
    """gunicorn's log, and what it writes."""
    written = Log()
    monkeypatch.setattr("sys.stderr", written)
    return ServerLog(Config()), written


def test_gunicorn_writes_no_address(server_log: tuple[ServerLog, Log]) -> None:
    log, written = server_log
    log.warning("Invalid request from ip=203.0.113.77: Invalid HTTP request line: 'x'")
    assert written.text == ""


def test_gunicorn_writes_its_other_warnings(server_log: tuple[ServerLog, Log]) -> None:
    log, written = server_log
    log.warning("Worker with pid %s was terminated due to signal %s", 7, 9)
    assert written.text.endswith("[WARNING] Worker with pid 7 was terminated due to signal 9\n")


@pytest.mark.parametrize(
    ("message", "values"), [("Error handling request %s %s", ("GET", f"/?{SECRET}")), (ValueError(SECRET), ())]
)
def test_gunicorn_writes_errors_without_their_values(
    server_log: tuple[ServerLog, Log], message: object, values: tuple[str, ...]
) -> None:
    log, written = server_log
    try:
        int(SECRET)
    except ValueError:
        log.exception(message, *values)
    assert "Traceback" in written.text
    assert written.text.endswith("builtins.ValueError\n")
    assert SECRET not in written.text


@pytest.mark.parametrize(("code", "is_written"), [(0, False), (1, True)])
def test_a_quick_end_is_no_error_and_a_killed_worker_is(
    server_log: tuple[ServerLog, Log], code: int, is_written: bool
) -> None:
    log, written = server_log
    try:
        sys.exit(code)
    except SystemExit:
        log.exception("Error handling request")
    assert ("SystemExit" in written.text) is is_written


def test_an_exception_that_led_to_itself_is_written_once() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    record = logging.LogRecord("made.up", logging.ERROR, "", 0, "It broke.", None, (ValueError, first, None))
    assert ErrorFormatter(LINE).format(record).count("Traceback") == 2
