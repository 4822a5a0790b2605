"""What a `Set-Cookie` line says, and which hosts its cookie is for."""

from datetime import UTC, datetime

import pytest

from cookie_harness.jar import domain_matches
from cookie_harness.set_cookie import parse_set_cookie

pytestmark = pytest.mark.promise("U3", "U6", "U8")

NOW = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("line", "deletes"),
    [
        ("a=1", False),
        ("a=1; Max-Age=60", False),
        ("a=1; Max-Age=1", False),
        ("a=1; Max-Age=0", True),
        ("a=1; Max-Age=-1; Path=/", True),
        ("a=1; max-age=-1", True),
        ('a=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/', True),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("a=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT", True),
        ("a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT", False),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", False),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=soon", True),
        ("a=1; Expires=tomorrow; Max-Age=soon", False),
        (f"a=1; Expires=Thu, 01 Jan {'9' * 30} 00:00:00 GMT", False),
    ],
)
def test_a_line_deletes_if_its_end_is_past(line: str, *, deletes: bool) -> None:
    assert parse_set_cookie(line).deletes(NOW) is deletes


def test_a_line_is_taken_apart() -> None:
    line = parse_set_cookie("name = a=b ; Path = /x; HttpOnly; SameSite=Lax")
    assert (line.name, line.value) == ("name", "a=b")
    assert line.attribute("path") == "/x"
    assert line.attribute("httponly") == ""
    assert line.attribute("secure") is None


def test_a_date_alone_tells_no_two_lines_apart() -> None:
    dated = parse_set_cookie("a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT; Path=/")
    assert dated.undated == ("Path=/",)
    assert dated.has_end
    assert parse_set_cookie("a=1; Max-Age=60").has_end
    assert not parse_set_cookie("a=1; Path=/").has_end


@pytest.mark.parametrize(
    ("domain", "host", "matches"),
    [
        ("site.example", "site.example", True),
        (".example", "site.example", True),
        (".Site.example", "site.example", True),
        ("Xylophone.example", "xylophone.example", True),
        ("other.example", "site.example", False),
        ("site.example", "evilsite.example", False),
    ],
)
def test_a_cookie_is_for_its_host_and_those_below_its_domain(domain: str, host: str, *, matches: bool) -> None:
    assert domain_matches(domain, host) is matches
