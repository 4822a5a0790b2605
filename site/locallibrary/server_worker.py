"""gunicorn's worker with threads, which begins with no request before it is there as a whole.

gunicorn's own gives a thread to each connection at once: a browser that opens a connection ahead of need holds it for
five seconds, and who sends half a request for as long as they like. So it takes many threads. Here connections wait in
the loop that waits for them anyway, and no client can keep anybody waiting for what it does not send. So one request at
a time is enough, and with one thread it is answered in the loop itself.
"""

import re
import socket
import struct
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from enum import Enum, auto
from functools import partial
from selectors import EVENT_READ
from typing import Any

from django.conf import settings
from gunicorn.workers.gthread import TConn, ThreadWorker

LONGEST_WAIT = 10
"""Seconds that a connection may stay silent at first, and that a request may take to come."""

LONGEST_SEND = 5
"""Seconds that a client may take nothing more of an answer that the system doesn't keep for it as a whole."""

LONGEST_HEAD = 64 * 1024
"""Bytes of a request before its body."""

MOST_DIGITS = 12
"""Of a length that is worth reading as a number."""

_PIECE = 64 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]*)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


class Arrival(Enum):
    """How much of a request is there."""

    PARTLY = auto()
    WHOLE = auto()
    TOO_LONG = auto()
    """It has no end that is worth waiting for: what there is has to do."""


def arrival(received: bytes, longest_body: int) -> Arrival:
    """How much of a request is there, by the length that it gives itself; no form here is sent without one.

    Judges nothing else: what makes no sense is gunicorn's to refuse.
    """
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return Arrival.PARTLY if len(received) < LONGEST_HEAD else Arrival.TOO_LONG
    if _CHUNKED.search(head):
        return Arrival.TOO_LONG
    length = found[1] if (found := _LENGTH.search(head)) else b""
    if len(length) > MOST_DIGITS or int(length or 0) > longest_body:
        return Arrival.TOO_LONG
    return Arrival.WHOLE if len(body) >= int(length or 0) else Arrival.PARTLY


class InPlace(Executor):
    """Threads that there are none of: what is handed to them is done on the spot."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Do it. `fn` raises nothing: gunicorn answers every error in it."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class WholeRequestWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """Stands where gunicorn's worker hands connections to threads and takes them back."""

    def get_thread_pool(self) -> Executor:
        """Of threads there are as many as the setting says, but never a single one beside the loop.

        Each call into SQLite lets go of Python's lock. Where another thread waits for it, they change over on the spot,
        from one processor to the other: dozens of times for each page, which then costs twice as much.
        """
        return InPlace() if self.cfg.threads == 1 else super().get_thread_pool()

    def enqueue_req(self, conn: TConn) -> None:
        """Hand a connection to a thread once its request is there; until then let it wait."""
        if self._can_be_answered(conn):
            super().enqueue_req(conn)
            return
        conn.timeout = time.monotonic() + LONGEST_WAIT
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))
        if self.nr_conns >= self.worker_connections:  # then nobody else would be let in
            self._drop(self.pending_conns[0])

    def on_pending_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Take what a connection has brought that waits. However little that is, its time runs on."""
        if self._can_be_answered(conn):
            self.poller.unregister(client)
            self.pending_conns.remove(conn)
            super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs: "Future[object]") -> None:
        """Close a connection at once that is not kept.

        gunicorn waits until the client closes it too, for two seconds each, and the loop with all others waits along.
        """
        if fs.cancelled() or fs.exception() or not fs.result():
            self.nr_conns -= 1
            _close(conn.sock)
        else:
            super().finish_request(conn, fs)

    def _cap_keepalive(self, deadline: float) -> None:
        """Called when the worker is to stop."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def _can_be_answered(self, conn: TConn) -> bool:
        """Take in what has come, and say whether a thread can go on without waiting for more."""
        if not conn.initialized:
            # As two C longs, seconds and microseconds (man 7 socket). Python's own timeout gunicorn would take away.
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", LONGEST_SEND, 0))
            conn.init()
        conn.sock.settimeout(0)
        try:
            piece = conn.sock.recv(_PIECE)
        except BlockingIOError:
            piece = None
        except OSError:
            return True  # the thread meets it again, and gunicorn knows what to make of it
        unreader = conn.parser.unreader
        received = unreader.take_buffered() + (piece or b"")
        unreader.unread(received)
        how_much = arrival(received, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        if how_much is Arrival.TOO_LONG:
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RD)  # whoever reads on finds an end
        return piece == b"" or how_much is not Arrival.PARTLY

    def _drop(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()


def _close(client: socket.socket) -> None:
    """Close a connection. What it has brought unasked is taken off first, else it would lose the end of its answer."""
    with suppress(OSError):
        client.settimeout(0)
        client.shutdown(socket.SHUT_WR)
        client.recv(_PIECE)
    client.close()
