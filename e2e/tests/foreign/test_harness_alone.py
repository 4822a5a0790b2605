"""The harness in an environment without Django, at a server of another kind."""

from pathlib import Path

import pytest

from cookie_harness import Engine
from tests.foreign.environment import HARNESS, Environment, run

pytestmark = pytest.mark.promise("S7")

CONFTEST = """\
pytest_plugins = ["cookie_harness.plugin"]
"""
SERVER = """\
import socket, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Set-Cookie", "seen=yes; Path=/")
        self.send_header("Content-Length", "0")
        self.end_headers()


server = ThreadingHTTPServer(("127.0.0.1", 0), Page, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[1]))
server.serve_forever()
"""
TESTS = """\
import importlib.util
import sys

from cookie_harness import CookiePolicy, ServerProcess, by_name, read_jar


def test_a_browser_that_blocks_cookies_keeps_none(new_visitor, tmp_path):
    with ServerProcess(lambda fd: [sys.executable, "server.py", str(fd)], tmp_path / "log") as server:
        for policy, kept in ((CookiePolicy.ACCEPT, {"seen"}), (CookiePolicy.BLOCK, set())):
            visitor = new_visitor(cookies=policy)
            visitor.new_page().goto(server.url)
            assert set(by_name(read_jar(visitor))) == kept


def test_there_is_no_django():
    assert importlib.util.find_spec("django") is None
"""


def test_the_harness_works_where_there_is_no_django(
    engine: Engine, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, wheels: dict[str, Path]
) -> None:
    environment = Environment(tmp_path_factory.mktemp("harness"), [wheels[HARNESS]])
    for name, text in {"conftest.py": CONFTEST, "server.py": SERVER, "test_cookies.py": TESTS}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    pytest_there = [str(environment.python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--browser", engine.name]
    assert "2 passed" in run(pytest_there, tmp_path)
