"""A small HTTP server inside the test's own process, for what a test sets up beside the site."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class LocalServer:
    """A threaded server on 127.0.0.1, on a free port; use it as a context manager."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        """Claim a free port; the server answers once the context is entered."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        # Seconds between two looks at whether it should end.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """The port that it was given."""
        return self._server.server_port
