"""Processes that end with whoever started them, and a folder that goes with them."""

import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from library_suite.cluster import caretaker

HOST = "127.0.0.1"
START_TIMEOUT = 60.0
"""Seconds."""
TAIL = 30
"""Lines of a log that an error shows."""
_UNPRIVILEGED = ("postgres", "nobody")


class ProcessFailed(RuntimeError):
    """A process ended or did not answer; the message shows the end of its log."""


class Folder:
    """A folder of its own, and a caretaker that removes it and ends all processes; use it as a context manager."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="cluster-"))
        self.path.chmod(0o711)  # another user's programs find what is theirs in it, and can't list it
        self.children: list[subprocess.Popen[bytes]] = []
        """Processes to wait for when all is over."""
        self._caretaker = subprocess.Popen(
            [sys.executable, caretaker.__file__, str(self.path)],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C goes to all processes of a terminal's session
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._line.close()
        for process in (self._caretaker, *self.children):
            process.wait()

    def entrust(self, process: int, end: signal.Signals) -> None:
        """Have a process ended, by this signal at first, when this folder goes."""
        self._line.write(f"{process} {end}\n".encode())
        self._line.flush()

    def make(self, name: str, owner: "Owner") -> Path:
        """Make a folder in it that is somebody's alone."""
        path = self.path / name
        path.mkdir(mode=0o700)
        owner.give(path)
        return path

    @property
    def _line(self) -> IO[bytes]:
        assert self._caretaker.stdin is not None
        return self._caretaker.stdin


class Owner:
    """Who runs the servers: PostgreSQL and PgBouncer refuse to run as root, so then somebody with fewer rights does."""

    def __init__(self) -> None:
        self._user = _somebody() if os.geteuid() == 0 else None

    @property
    def arguments(self) -> dict[str, object]:
        """What `subprocess` takes, to start a program as this user."""
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    @property
    def mount_options(self) -> str:
        """What `mount` takes, so that a file system in memory is this user's."""
        return f",uid={self._user.pw_uid},gid={self._user.pw_gid}" if self._user else ""

    def give(self, path: Path) -> None:
        """Make a file or folder this user's."""
        if self._user is not None:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def write(self, path: Path, text: str) -> Path:
        """Write a file that nobody else can read."""
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        self.give(path)
        return path

    def run(self, *command: str | Path, folder: Path) -> None:
        """Run a program to its end; raises `ProcessFailed` with what it said."""
        done = subprocess.run(
            command,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self.arguments,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise ProcessFailed(f"{command[0]} ended with code {done.returncode}:\n{done.stdout}")


def _somebody() -> pwd.struct_passwd:
    for name in _UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ProcessFailed(f"PostgreSQL does not run as root, and there is no user {' or '.join(_UNPRIVILEGED)}.")


class Daemon:
    """A server that stays in the foreground, writes its log to one file, and can be ended and started again."""

    def __init__(  # noqa: PLR0913 -- what a server is
        self,
        command: Sequence[str | Path],
        folder: Path,
        owner: Owner,
        home: Folder,
        *,
        answers: Callable[[], bool],
        end: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Describe it. `answers` tells whether it takes requests; `end` is the signal that ends it soon."""
        self._command = command
        self._folder = folder
        self._owner = owner
        self._home = home
        self._answers = answers
        self._end = end
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """All that it wrote."""
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    @property
    def process(self) -> int:
        """Its process id, while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers; raises `ProcessFailed`."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(part) for part in self._command],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._owner.arguments,  # type: ignore[call-overload]
            )
        self._home.children.append(self._process)
        self._home.entrust(self._process.pid, self._end)
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                tail = "\n".join(self.log.splitlines()[-TAIL:])
                raise ProcessFailed(f"{self._command[0]} did not start. Its log ends:\n{tail}")
            time.sleep(0.02)  # none of these programs tells when it is ready

    def stop(self) -> None:
        """End it as whoever runs it would."""
        self._end_by(self._end)

    def kill(self) -> None:
        """End it and all that it started, as a power cut would."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _end_by(self, by: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(by)
        self._process.wait()


def free_ports(count: int) -> list[int]:
    """Different ports that are free on the loopback address at the moment."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server((HOST, 0))) for _ in range(count)]
        return [int(each.getsockname()[1]) for each in sockets]


def listens(port: int) -> bool:
    """Whether anybody takes connections at a port."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
