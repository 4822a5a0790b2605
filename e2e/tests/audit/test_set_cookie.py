"""What a `Set-Cookie` line says."""

from datetime import UTC, datetime

import pytest

from cookie_audit.observation import SetCookieLine
from cookie_audit.set_cookie import kind_of, read_line

pytestmark = pytest.mark.promise("U8")

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(line: str) -> SetCookieLine:
    return read_line(line, url="https://site.example/", first_seen="https://site.example/", now=NOW)


@pytest.mark.parametrize(
    ("line", "deletes"),
    [
        ("a=1", False),
        ("a=1; Max-Age=60", False),
        ("a=1; Max-Age=0", True),
        ("a=1; max-age=-1", True),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("a=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT", True),
        ("a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT", False),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", False),
        ("a=1; Expires=tomorrow; Max-Age=soon", False),
    ],
)
def test_a_line_deletes_if_its_end_is_past(line: str, *, deletes: bool) -> None:
    assert read(line).deletes is deletes


def test_a_line_is_taken_apart() -> None:
    line = read("name = a=b ; Path=/x; HttpOnly; SameSite=Lax")
    assert (line.name, line.value) == ("name", " a=b")
    assert line.attribute("path") == "/x"
    assert line.attribute("httponly") == ""
    assert line.attribute("secure") is None


def test_lines_that_differ_in_value_and_date_are_of_one_kind() -> None:
    assert kind_of(read("a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT; Path=/")) == kind_of(read("a=2; path=/"))
    assert kind_of(read("a=1; Path=/")) != kind_of(read("a=1; Path=/; Secure"))
