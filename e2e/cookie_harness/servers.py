"""A server under test, as a process of its own (POSIX only).

The socket is bound and listening before the process starts, and handed down by its file descriptor. So there is no race
for a port and nothing to poll: a request that comes early waits in the queue until the server accepts it.
"""

import contextlib
import http
import http.client
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
# Lines of the log that an error shows.
TAIL = 30
# Seconds that a process may take to end once it has dropped its socket.
_DYING = 5.0


class ServerFailed(RuntimeError):
    """The server ended, did not answer, or answered with a server error; the message shows the end of its log."""


class ServerProcess:
    """A server that starts, stops and starts again on the same port; use it as a context manager."""

    def __init__(  # noqa: PLR0913 -- most have a default
        self,
        command: Callable[[int], Sequence[str]],
        log: Path,
        *,
        path: str = "/",
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        port: int = 0,
        start_timeout: float = 60.0,
        stop_timeout: float = 10.0,
        stop_with: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Describe the server; nothing is started.

        `command` gets the listening socket's file descriptor, as in ``["gunicorn", "--bind", f"fd://{fd}", ...]``.
        `environment` is the whole environment, nothing is added (None: this process's own, as with `subprocess`), so
        that a developer's shell does not leak into the server under test. `path` is what the first request asks for.
        `port` 0 means any free one. Timeouts are in seconds. `stop_with` is what asks the server to end: a graceful
        end, for which some servers wait until browsers have let go of connections that they keep open, or a quick one.
        """
        self.port = port
        self._command = command
        self._log = log
        self._path = path
        self._environment = environment
        self._folder = folder
        self._start_timeout = start_timeout
        self._stop_timeout = stop_timeout
        self._stop_with = stop_with
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The server's address, without a slash at its end; the port is known after the first start."""
        return f"http://{HOST}:{self.port}"

    @property
    def process(self) -> int:
        """The id of the server's process, while it runs."""
        if self._process is None:
            raise RuntimeError("The server does not run.")
        return self._process.pid

    @property
    def log_text(self) -> str:
        """All that the server wrote since it was first started, restarts included."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def start(self) -> None:
        """Start the server, and return when it has answered; raises `ServerFailed` if it does not."""
        if self._process is not None:
            raise RuntimeError(f"The server at {self.url} runs already.")
        # Closed here right after the spawn: when the server dies, the next connection is refused and does not hang.
        with socket.create_server((HOST, self.port), backlog=128) as listener, self._log.open("ab") as log:
            self.port = listener.getsockname()[1]
            self._process = subprocess.Popen(
                self._command(listener.fileno()),
                pass_fds=[listener.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=self._environment,
                start_new_session=True,
            )
        try:
            self._await_first_answer(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ask the server to end; kill it, and all that it started, if it takes longer than the time limit."""
        if (process := self._process) is None:
            return
        self._process = None
        process.send_signal(self._stop_with)
        try:
            process.wait(self._stop_timeout)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def restart(self) -> None:
        """Stop the server and start it again on the same port."""
        self.stop()
        self.start()

    def _await_first_answer(self, process: subprocess.Popen[bytes]) -> None:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=self._start_timeout)
        try:
            connection.request("GET", self._path, headers={"Connection": "close"})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise ServerFailed(self._with_log(_why(process, error))) from error
        finally:
            connection.close()
        if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ServerFailed(self._with_log(f"The server answered GET {self._path} with {status}"))

    def _with_log(self, sentence: str) -> str:
        tail = "\n".join(self.log_text.splitlines()[-TAIL:])
        return f"{sentence}. Its log ends:\n{tail or '(empty)'}"


def _why(process: subprocess.Popen[bytes], error: Exception) -> str:
    """Tell a server that died from one that is alive and does not answer."""
    try:
        code = process.wait(0 if isinstance(error, TimeoutError) else _DYING)
    except subprocess.TimeoutExpired:
        return f"The server runs, but did not answer ({error!r})"
    return f"The server ended with code {code} before it answered"
