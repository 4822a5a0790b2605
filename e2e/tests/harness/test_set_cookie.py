"""What a `Set-Cookie` line says, and which hosts its cookie is for."""

from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import pytest

from cookie_harness import read_jar
from cookie_harness.jar import domain_matches
from cookie_harness.local_server import LocalServer
from cookie_harness.plugin import VisitorFactory
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
        ("a=1; Max-Age=60; Max-Age=0", True),
        ("a=1; Max-Age=0; max-age=60", False),
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


TWICE = "a=1; Path=/elsewhere; SameSite=Strict; Max-Age=9; path=/; samesite=Lax; Max-Age=7200; HttpOnly"


def test_of_two_attributes_of_one_name_the_last_counts() -> None:
    line = parse_set_cookie(TWICE)
    assert [line.attribute(name) for name in ("Path", "SameSite", "Max-Age")] == ["/", "Lax", "7200"]
    assert line.lives_for(NOW) == 7200


class TwiceSite(LocalServer):
    """Sends a line whose attributes stand there twice."""

    def __init__(self) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Set-Cookie", TWICE)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        super().__init__(Handler)


def test_the_browser_takes_the_last_of_two_attributes_too(new_visitor: VisitorFactory) -> None:
    context = new_visitor()
    with TwiceSite() as site:
        context.new_page().goto(f"http://127.0.0.1:{site.port}/deep/page")
        [kept] = read_jar(context)
    assert (kept.path, kept.same_site, kept.http_only) == ("/", "Lax", True)
    lives = kept.lives_for(datetime.now(UTC).timestamp())
    assert lives is not None
    assert 9 < lives <= 7201


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
