"""What a round is put under is really there, and gone afterwards."""

import os
import select
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from cookie_harness import EchoSite
from cookie_harness.local_server import LocalServer
from library_suite.fixtures import OwnSite
from library_suite.steady.busy_core import BusyCore
from library_suite.steady.late_responses import LateResponses
from library_suite.steady.loads import LATE_VARIABLE, SuiteLoad, seconds_late
from library_suite.visitor import PATIENCE

pytestmark = pytest.mark.promise("H20")

SECONDS = 20.0
"""To wait for what happens at once."""
TICKS = os.sysconf("SC_CLK_TCK")
BUSY_UNTIL_KILLED = """
import time
from library_suite.steady.busy_core import BusyCore
with BusyCore() as busy:
    print(busy.process, flush=True)
    time.sleep(60)
"""


ONE_CORE = """
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from library_suite.steady.busy_core import BusyCore, NoCoreToSpare
try:
    BusyCore()
except NoCoreToSpare as error:
    print(error)
"""
pinning = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux pins a process to one core")


def python(program: str) -> "subprocess.Popen[str]":
    """Start a program of its own in the suite's own Python."""
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)


def used_by(process: int) -> float:
    """Seconds of processor."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / TICKS


def status_at(port: int, path: str = "/") -> int:
    """Ask a server, and say with which status it answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@pinning
def test_a_busy_core_is_kept_busy_and_is_free_again_at_the_end() -> None:
    with BusyCore() as busy:
        while used_by(busy.process) < 0.1:
            assert os.waitpid(busy.process, os.WNOHANG) == (0, 0), "it has ended"
        assert os.sched_getaffinity(busy.process) == {busy.core}
    assert busy.share > 0
    with pytest.raises(ProcessLookupError):
        os.kill(busy.process, 0)


@pinning
def test_a_core_is_free_again_when_whoever_took_it_is_killed() -> None:
    with python(BUSY_UNTIL_KILLED) as parent:
        assert parent.stdout
        busy = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    try:
        assert select.select([busy], [], [], SECONDS)[0], "it still runs"
    finally:
        os.close(busy)


@pinning
def test_where_there_is_one_core_none_is_taken_away() -> None:
    with python(ONE_CORE) as alone:
        assert alone.communicate()[0].startswith("One core is all there is here")


def test_each_response_is_late_and_otherwise_the_same(echo_site: EchoSite) -> None:
    with LateResponses(echo_site.port, seconds=0.2) as late:
        start = time.monotonic()
        connection = HTTPConnection("127.0.0.1", late.port, timeout=SECONDS)
        connection.request("GET", echo_site.set_url("late").removeprefix(echo_site.url), headers={"Cookie": "a=1"})
        response = connection.getresponse()
        assert time.monotonic() - start >= 0.2  # a lower bound: no busy machine makes this less
        assert response.headers["Set-Cookie"] == "late-header=1; Path=/; Max-Age=3600"
        assert b"late-script=1" in response.read()
        assert echo_site.last_cookie_header == "a=1"
        connection.close()


def test_no_response_waits_for_another() -> None:
    arrived = threading.Semaphore(0)

    class Arrivals(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()
            arrived.release()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    with LocalServer(Arrivals) as server, LateResponses(server.port, seconds=3600) as late:
        connections = [HTTPConnection("127.0.0.1", late.port, timeout=SECONDS) for _ in range(5)]
        for connection in connections:
            connection.request("GET", "/")
        assert all(arrived.acquire(timeout=SECONDS) for _ in connections), "the requests did not go through at once"
        assert select.select([each.sock for each in connections], [], [], 0)[0] == []
        late.stop()
        for connection in connections:
            with pytest.raises(OSError, match=r"."):
                connection.getresponse()


def test_a_server_that_is_down_is_down_behind_the_late_port_too(echo_site: EchoSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        free = nobody.getsockname()[1]
    with LateResponses(free, seconds=0) as late, pytest.raises(OSError, match=r"."):
        status_at(late.port)
    with pytest.raises(ConnectionRefusedError):
        status_at(late.port)


def test_a_library_with_late_responses_keeps_its_address(own_library: OwnSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LATE_VARIABLE, "50")
    site = own_library()
    address, start = site.url, time.monotonic()
    port = urlsplit(address).port or 0
    assert status_at(port, "/about/") == 200
    assert time.monotonic() - start >= 0.05
    site.restart()
    assert site.url == address
    assert status_at(port, "/about/") == 200
    site.stop()
    with pytest.raises(ConnectionRefusedError):
        status_at(port)


def test_what_is_expected_of_a_page_is_awaited_as_long_as_what_is_done_there() -> None:
    assert expect._timeout == PATIENCE


def test_only_a_whole_number_of_milliseconds_makes_responses_late() -> None:
    assert seconds_late({}) == 0
    assert seconds_late(SuiteLoad.LATENCY.variables) == 0.2
    assert SuiteLoad.CPU.variables == SuiteLoad.NONE.variables == {}
    with pytest.raises(ValueError, match=r"whole number of milliseconds, not '0\.2'"):
        seconds_late({LATE_VARIABLE: "0.2"})
