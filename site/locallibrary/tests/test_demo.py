"""scripts/demo as a person runs it: it comes up, it says what is wrong, and it leaves nothing half-made behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest

from locallibrary.environment import CHECKOUT, VARIABLES

DEMO = CHECKOUT / "scripts" / "demo"
NOWHERE = "http://127.0.0.1:9/simple"
"""Port 9 is the discard service: nothing listens there."""


def variables(**changes: str) -> dict[str, str]:
    """This process's environment, without the settings that tests start with, and without what hides a lost flush."""
    settings = {name.upper() for name in VARIABLES} | {"DJANGO_SETTINGS_MODULE", "PYTHONUNBUFFERED"}
    return {name: value for name, value in os.environ.items() if name not in settings} | changes


def run(demo: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [demo, *arguments], env=variables(**changes), capture_output=True, text=True, check=False, timeout=60
    )


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the demo, and give its process and address once it says that it is open."""
    demo = subprocess.Popen(
        [DEMO, *arguments], env=variables(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert demo.stdout is not None
    try:
        yield demo, address_in(demo.stdout)
    finally:
        demo.kill()
        demo.wait()
        demo.stdout.close()


def address_in(output: IO[str]) -> str:
    said = []
    for line in output:
        said.append(line)
        if found := re.search(r"The library is open: (http://127\.0\.0\.1:\d+/)", line):
            return found.group(1)
    raise AssertionError("".join(said))


def status_of(address: str) -> int:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return int(answer.status)


def test_the_demo_comes_up_with_data_twice_and_stops_without_a_traceback(tmp_path: Path) -> None:
    for _time in ("first", "second"):
        with running("--port", "0", "--data", str(tmp_path / "data")) as (demo, address):
            assert status_of(address) == 200
            assert status_of(address + "books/1/") == 200
            demo.send_signal(signal.SIGINT)
            assert demo.stdout is not None
            rest = demo.stdout.read()
            assert demo.wait(20) == 0
        assert "reader     a good book" in rest
        assert "clearsessions" in rest
        # The log's line of the last request may come after it: a thread writes it once the response is sent.
        assert "Stopped." in rest.splitlines()
        assert "Traceback" not in rest
    assert {path.name.split("-")[0] for path in (tmp_path / "data").iterdir()} == {"library.sqlite3", "secret_key"}
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0


def test_fifty_requests_that_never_end_do_not_hold_the_demo_up(tmp_path: Path) -> None:
    with running("--port", "0", "--data", str(tmp_path / "data")) as (_demo, address), ExitStack() as open_connections:
        host, port = "127.0.0.1", urlsplit(address).port
        for _number in range(50):
            connection = open_connections.enter_context(socket.create_connection((host, port), timeout=20))
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        assert status_of(address) == 200


def test_help_tells_every_option() -> None:
    said = run(DEMO, "--help")
    assert said.returncode == 0
    assert all(option in said.stdout for option in ("--port", "--data", "--help"))


@pytest.mark.parametrize(
    ("arguments", "changes", "sentence"),
    [
        (["--port", "seventy"], {}, "--port takes a number"),
        (["--port", "70000"], {}, "--port takes a number"),
        (["--port"], {}, "--port needs a value"),
        (["--prot", "80"], {}, "Unknown option --prot"),
        (["--data", "/dev/null/data"], {}, "can't be written"),
        (["--data", "{tmp}/data", "--port", "0"], {"SESSION_ENGINE": "ram"}, "SESSION_ENGINE can't be 'ram'"),
        (["--data", "{tmp}/data", "--port", "0"], {"VISIT_INTERVAL": "soon"}, "VISIT_INTERVAL can't be 'soon'"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    tmp_path: Path, arguments: list[str], changes: dict[str, str], sentence: str
) -> None:
    said = run(DEMO, *(argument.format(tmp=tmp_path) for argument in arguments), **changes)
    assert said.returncode != 0
    assert sentence in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1


def test_a_taken_port_is_said_in_one_sentence_and_leaves_no_folder(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = run(DEMO, "--port", str(port), "--data", str(tmp_path / "data"))
    assert said.returncode != 0
    assert said.stderr.strip() == f"Port {port} is taken, or not yours to use; choose another one with --port N."
    assert not (tmp_path / "data").exists()


@pytest.fixture
def fresh_checkout(tmp_path: Path) -> Path:
    """What a first run looks at before it installs anything, with no virtual environment."""
    fresh = tmp_path / "fresh"
    for name in ("scripts", "requirements"):
        shutil.copytree(CHECKOUT / name, fresh / name)
    for name in ("site", "dashboard", "e2e"):
        (fresh / name).mkdir()
        shutil.copy(CHECKOUT / name / "pyproject.toml", fresh / name)
    return fresh


def test_a_python_that_is_too_old_is_named_and_leaves_nothing_behind(fresh_checkout: Path, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    said = run(fresh_checkout / "scripts" / "demo", "--data", str(tmp_path / "data"), PYTHON=str(old))
    assert said.returncode != 0
    assert said.stderr.startswith("Python 3.11 or newer is needed")
    assert len(said.stderr.strip().splitlines()) == 1
    assert not (fresh_checkout / ".venv").exists()
    assert not (tmp_path / "data").exists()


def test_a_first_run_without_a_network_says_so_and_leaves_nothing_behind(fresh_checkout: Path, tmp_path: Path) -> None:
    said = run(
        fresh_checkout / "scripts" / "demo",
        "--data",
        str(tmp_path / "data"),
        PYTHON=sys.executable,
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL=NOWHERE,
        PIP_FIND_LINKS="",
        PIP_NO_CACHE_DIR="1",
        PIP_RETRIES="0",
    )
    assert said.returncode != 0
    assert "needs a network connection" in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1
    assert not (fresh_checkout / ".venv").exists()
    assert not (tmp_path / "data").exists()
