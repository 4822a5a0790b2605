"""What machines see of the cluster, and what becomes of it: without a browser."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cookie_harness.install import Powers
from library_suite.cluster import programs
from library_suite.cluster.caretaker import clean_up
from library_suite.cluster.cluster import Cluster, Node
from library_suite.cluster.processes import Folder, Owner, free_ports
from library_suite.cluster.programs import PROGRAMS, Program, ProgramsMissing, find_programs, install
from library_suite.cluster.servers import RedisServer, ServerPlace, answering_port
from library_suite.site import CHECKOUT, variables
from tests.cluster.conftest import cluster_or_reason

pytestmark = pytest.mark.timeout(300)

PATIENCE = 60.0
"""Seconds."""
HOST = "localhost"
COUNT = re.compile(r'data-testid="num-visits".*?data-testid="number"[^>]*>(\d+)<', re.DOTALL)


class NodeClient:
    """Somebody who keeps cookies and asks whichever node they name, as if the proxy had chosen it."""

    def __init__(self) -> None:
        self._cookies: dict[str, str] = {}

    def ask(self, node: Node, path: str, form: dict[str, str] | None = None) -> str:
        """Open a page, or send a form; gives the page, or the address that a redirect leads to."""
        connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=PATIENCE)
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "Origin": f"https://{HOST}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with contextlib.closing(connection):
            connection.request("GET" if form is None else "POST", path, urlencode(form or {}), headers)
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(line).items():
                    self._cookies[name] = morsel.coded_value
                    if morsel["max-age"] == "0":
                        del self._cookies[name]
            text = response.read().decode()
            assert response.status < http.HTTPStatus.BAD_REQUEST, text
            return response.headers.get("Location", text)

    def count(self, node: Node) -> int:
        """Open the home page and read the counter."""
        found = COUNT.search(self.ask(node, "/"))
        assert found
        return int(found[1])


SLEEP = """
import select
import time

time.sleep = lambda seconds: select.select([], [], [], seconds)
"""
"""Python sleeps by a call that libfaketime 0.9.10 gets wrong where it leaves the monotonic clock alone."""


@contextmanager
def clock_ahead(node: Node, seconds: int) -> Iterator[None]:
    """Have a node live some seconds ahead of all others."""
    (node.data / "sitecustomize.py").write_text(SLEEP, encoding="utf-8")
    wrapped = subprocess.run(["faketime", "-f", f"+{seconds}s", "env"], stdout=subprocess.PIPE, text=True, check=True)
    found = re.search(r"^LD_PRELOAD=(\S+)$", wrapped.stdout, re.MULTILINE)
    assert found
    clock = {
        "LD_PRELOAD": found[1],
        "FAKETIME": f"+{seconds}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": os.pathsep.join((variables(node.data, {})["PYTHONPATH"], str(node.data))),
    }
    node.restart(**clock)
    try:
        yield
    finally:
        for name in clock:
            del node.settings[name]
        node.kill()
        node.start()


@pytest.mark.promise("M6")
def test_nodes_agree_though_their_clocks_are_a_minute_apart(cluster: Cluster, tmp_path: Path) -> None:
    ahead, behind = cluster.nodes
    with clock_ahead(ahead, 60):
        for first, second in ((ahead, behind), (behind, ahead)):
            visitor = NodeClient()
            kept = visitor.ask(first, "/cookies/choice/", {"answer": "accept", "place": "page"})
            while "cookie-choice" not in kept:
                kept = visitor.ask(second, kept)
            assert 'data-testid="choice-kept"' in visitor.ask(first, kept)
            assert [visitor.count(node) for node in (first, second, first)] == [1, 2, 3]
            receipt = tmp_path / "receipt.json"
            receipt.write_text(visitor.ask(second, "/cookies/receipt.json"))
            assert json.loads(receipt.read_text())
            assert "genuine" in cluster.manage("verify_receipt", str(receipt))
            done = visitor.ask(first, "/privacy/erase/", {})
            assert 'data-testid="done"' in visitor.ask(second, done)
            assert visitor.count(second) == 1


@pytest.mark.promise("M8")
def test_nothing_relies_on_a_connection_beyond_its_transaction(cluster: Cluster) -> None:
    """What is read in pieces would, by a cursor that the database keeps; this cluster's PgBouncer drops it at once."""
    books = json.loads(cluster.manage("dumpdata", "catalog.book"))
    with cluster.postgresql.connect() as connection:
        assert connection.execute("SELECT count(*) FROM catalog_book").fetchone() == (len(books),)


@pytest.mark.promise("M9")
def test_the_unit_tests_of_what_is_stored_hold_on_postgresql(cluster: Cluster) -> None:
    folders = ("site/catalog", "site/visits", "site/accounts", "site/locallibrary/tests/test_health.py")
    left_out = (
        # It lays out the tables of an older installation by hand, as SQLite has them.
        *("--ignore", "site/accounts/tests/test_migrations.py"),
        # Seven hundred pages, each asked for twice: whose page is whose is decided before any database is asked.
        *(
            "--deselect",
            "site/catalog/tests/test_kept_pages.py::test_nobody_gets_a_page_that_was_kept_for_somebody_else",
        ),
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COVERAGE"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *left_out, *folders],
        cwd=CHECKOUT,
        env={**environment, "DATABASE_URL": cluster.postgresql.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder for a cluster's: other users have to get through it to what is theirs."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def start(folder: Path) -> subprocess.Popen[str]:
    """Start the command as `scripts/cluster` does."""
    if reason := cluster_or_reason():
        pytest.skip(reason)
    return subprocess.Popen(
        [sys.executable, "-m", "library_suite.cluster"],
        cwd=CHECKOUT / "e2e",
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until_gone(folder: Path) -> None:
    """Wait until nothing is left of any cluster in a folder: neither a file nor a process."""
    deadline = time.monotonic() + PATIENCE
    while left := [*folder.iterdir(), *processes_of(folder)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def processes_of(folder: Path) -> list[str]:
    """The command lines that name a folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(folder) in (line := each.read_bytes().decode(errors="replace")):
                found.append(line)
    return found


@pytest.mark.promise("M7")
def test_a_cluster_that_is_killed_leaves_nothing_behind(shared_folder: Path) -> None:
    with start(shared_folder) as command:
        assert command.stdout
        said: list[str] = []
        while not (said and said[-1].startswith("Ctrl-C")):
            line = command.stdout.readline()
            assert line, said
            said.append(line)
        assert said[0].startswith("The library runs at https://localhost:")
        assert processes_of(shared_folder)
        command.kill()
    wait_until_gone(shared_folder)


@pytest.mark.promise("M7")
def test_a_cluster_that_is_stopped_while_it_comes_up_leaves_nothing_behind(shared_folder: Path) -> None:
    with start(shared_folder) as command:
        deadline = time.monotonic() + PATIENCE
        while not list(shared_folder.glob("cluster-*/postgresql/data")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        command.send_signal(signal.SIGINT)
        assert command.wait(PATIENCE) == 0
    wait_until_gone(shared_folder)


@pytest.mark.promise("M7")
def test_valkey_serves_where_there_is_no_redis(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Valkey itself where it is installed; else Redis by its name, which shows how it is found and started."""
    if reason := cluster_or_reason():
        pytest.skip(reason)
    folder = shared_folder / "bin"
    folder.mkdir(mode=0o755)
    real = shutil.which("valkey-server") or PROGRAMS["redis"].find()
    assert real
    (folder / "valkey-server").symlink_to(real)
    monkeypatch.setenv("PATH", str(folder))
    found = PROGRAMS["redis"].find()
    assert found == folder / "valkey-server"
    (port,) = free_ports(1)
    with Folder() as home:
        server = RedisServer(ServerPlace(found, port, Owner(), home))
        server.start()
        with server.client() as client:
            assert client.set("kept", "here")
            assert client.get("kept") == b"here"


@pytest.mark.promise("M7")
def test_a_missing_program_is_one_sentence_and_an_error_in_ci_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needed = {"something": Program(("no-such-program",), "some-package")}
    sentence = "A cluster needs something: apt-get install some-package"
    with pytest.raises(ProgramsMissing, match=sentence):
        find_programs(needed)
    monkeypatch.setattr(programs, "run", lambda _step: False)
    monkeypatch.setattr(Powers, "of_this_machine", lambda: Powers(None, apt=True))
    for in_ci, code in (("true", 1), ("", 0)):
        monkeypatch.setenv("CI", in_ci)
        assert install(needed) == code
        assert capsys.readouterr().out.strip() == sentence


@pytest.mark.promise("M3")
@pytest.mark.parametrize(
    ("upstream", "port"),
    [
        ("127.0.0.1:8001", 8001),
        ("127.0.0.1:8001, 127.0.0.1:8002", 8002),
        ("nodes", None),
        ("127.0.0.1:8001, nodes", None),
        ("-", None),
    ],
)
def test_the_node_that_answered_is_read_from_the_log(upstream: str, port: int | None) -> None:
    assert answering_port(upstream) == port


@pytest.mark.promise("M7")
def test_the_folder_goes_also_while_a_process_still_leaves_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends takes its own file away, between the caretaker's look at the folder and its hand on it."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    (folder / "file").touch()
    unlink, leaving = os.unlink, [folder / "file"]

    def unlink_too_late(path: str, dir_fd: int | None = None) -> None:
        while leaving:
            unlink(leaving.pop())
        unlink(path, dir_fd=dir_fd)

    monkeypatch.setattr("os.unlink", unlink_too_late)
    clean_up([], folder)
    assert not folder.exists()
