"""Hostile requests over a socket of their own, which no HTTP library would send."""

import socket
import time
from dataclasses import dataclass

PATIENCE = 30.0
"""Seconds until an answer that does not come is given up."""
NO_ANSWER = 0


@dataclass(frozen=True)
class WireAnswer:
    """What came back. `status` is 0 where the server closed without a word, or gave none in time."""

    status: int
    seconds: float


def ask(port: int, sent: bytes) -> WireAnswer:
    """Send bytes to the server on this machine, read all that it says, and measure how long that takes."""
    start = time.perf_counter()
    received = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            connection.sendall(sent)
            # Whatever the request's head says of its length, nothing more comes: no half request is meant here.
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65_536):
                received = received or chunk[:64]
    except OSError:
        pass  # a reset after the answer, or none at all: the status tells
    return WireAnswer(status_in(received), time.perf_counter() - start)


def status_in(answer: bytes) -> int:
    """The status of an answer, by its first bytes."""
    words = answer.split(b" ", 2)
    return int(words[1]) if answer.startswith(b"HTTP/1.") and len(words) > 1 and words[1].isdigit() else NO_ANSWER
