"""A server under test starts, restarts on its port, and says why when it does not."""

import sys
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from cookie_harness import ServerFailed, ServerProcess

pytestmark = pytest.mark.promise("H8")

SERVER = """
import http.server, os, signal, socket, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(os.environ.get("STATUS", "200")))
        self.end_headers()
        self.wfile.write(",".join(sorted(os.environ)).encode())

if "STUBBORN" in os.environ:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
server = http.server.HTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
server.socket.close()
server.socket = socket.socket(fileno=int(sys.argv[1]))
print("up", flush=True)
server.serve_forever()
"""


def python(program: str) -> Callable[[int], list[str]]:
    return lambda fd: [sys.executable, "-c", program, str(fd)]


def get(server: ServerProcess) -> str:
    with urlopen(server.url, timeout=10) as response:
        body: bytes = response.read()
    return body.decode()


def test_a_server_answers_once_it_has_started_and_no_longer_once_it_has_stopped(tmp_path: Path) -> None:
    with ServerProcess(python(SERVER), tmp_path / "log") as server:
        assert get(server)
        assert "GET / HTTP/1.1" in server.log_text
        with pytest.raises(RuntimeError, match="runs already"):
            server.start()
    with pytest.raises(URLError):
        get(server)
    server.stop()


def test_a_restart_keeps_the_port_and_the_log(tmp_path: Path) -> None:
    with ServerProcess(python(SERVER), tmp_path / "log") as server:
        url = server.url
        get(server)
        server.restart()
        assert server.url == url
        assert get(server)
        assert server.log_text.count("up\n") == 2


def test_the_environment_that_is_given_is_the_whole_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAKED_FROM_THE_SHELL", "1")
    with ServerProcess(python(SERVER), tmp_path / "log", environment={"MINE": "1"}) as server:
        names = get(server).split(",")
    assert "MINE" in names
    assert "LEAKED_FROM_THE_SHELL" not in names


def test_a_server_that_dies_at_once_is_an_error_that_shows_its_log(tmp_path: Path) -> None:
    server = ServerProcess(python("import sys; sys.exit('no such table: visits')"), tmp_path / "log")
    with pytest.raises(ServerFailed, match=r"(?s)ended with code 1 .*no such table: visits"):
        server.start()


def test_a_server_whose_first_answer_is_an_error_of_its_own_has_not_started(tmp_path: Path) -> None:
    server = ServerProcess(python(SERVER), tmp_path / "log", environment={"STATUS": "500"})
    with pytest.raises(ServerFailed, match="with 500"):
        server.start()
    with pytest.raises(URLError):
        get(server)


def test_a_server_that_never_answers_is_told_from_one_that_died(tmp_path: Path) -> None:
    server = ServerProcess(python("import signal; signal.pause()"), tmp_path / "log", start_timeout=0.2)
    with pytest.raises(ServerFailed, match="runs, but did not answer"):
        server.start()


def test_a_server_that_does_not_heed_the_request_to_end_is_killed(tmp_path: Path) -> None:
    server = ServerProcess(python(SERVER), tmp_path / "log", environment={"STUBBORN": "1"}, stop_timeout=0.2)
    with server:
        assert get(server)
    with pytest.raises(URLError):
        get(server)
