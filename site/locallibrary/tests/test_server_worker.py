"""When a request counts as there; e2e/tests/test_open_connections.py asks the server itself."""

import pytest

from locallibrary.server_worker import LONGEST_HEAD, Arrival, arrival

LONGEST_BODY = 100
GET = b"GET / HTTP/1.1\r\nHost: library.example\r\n"


def post(length: str, body: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: library.example\r\nContent-Length: " + length.encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize("received", [b"", b"G", GET, GET + b"\r", post("5", b""), post("5", b"a=bc")])
def test_what_has_not_come_to_its_end_is_waited_for(received: bytes) -> None:
    assert arrival(received, LONGEST_BODY) is Arrival.PARTLY


@pytest.mark.parametrize(
    "received",
    [
        GET + b"\r\n",
        GET + b"\r\n" + GET,
        post("5", b"a=bcd"),
        post("5", b"a=bcdGET"),
        post("0", b""),
        post(str(LONGEST_BODY), b"x" * LONGEST_BODY),
        post("5", b"a=bcd").replace(b"Content-Length: ", b"content-length:\t"),
        b"NONSENSE\r\n\r\n",
        post("minus one", b""),
    ],
)
def test_a_request_is_there_when_its_end_is(received: bytes) -> None:
    assert arrival(received, LONGEST_BODY) is Arrival.WHOLE


@pytest.mark.parametrize(
    "received",
    [
        GET + b"X: " + b"x" * LONGEST_HEAD,
        post(str(LONGEST_BODY + 1), b""),
        post("9" * 5000, b""),
        GET + b"Transfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_what_nobody_will_read_is_not_waited_for(received: bytes) -> None:
    assert arrival(received, LONGEST_BODY) is Arrival.TOO_LONG


def test_a_length_in_the_body_is_no_length() -> None:
    assert arrival(GET + b"\r\n\r\nContent-Length: 50\r\n\r\n", LONGEST_BODY) is Arrival.WHOLE
