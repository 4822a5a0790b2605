"""Clients that connect and say nothing, stop half-way, read nothing or never hang up: nobody else waits for them."""

import socket
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest

from library_suite.fixtures import OwnSite
from library_suite.site import LibrarySite, Site
from library_suite.wire import PATIENCE, connection_to

pytestmark = pytest.mark.promise("N10")

ASK = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORM = b"POST /cookies/choice/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
MANY = 50


def client_of(site: Site) -> socket.socket:
    parts = urlsplit(site.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)


def status_of(site: Site) -> int:
    with closing(connection_to(site.url)) as connection:
        connection.request("GET", "/books/")
        return connection.getresponse().status


def all_of(client: socket.socket) -> bytes:
    """What comes until the server ends it."""
    with client.makefile("rb") as answer:
        return answer.read()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: 127", id="half a request"),
        pytest.param(FORM + b"Content-Length: 9\r\n\r\nplace", id="half a form"),
        pytest.param(FORM + b"Content-Length: 9999999\r\n\r\nplace", id="some of a long form"),
        pytest.param(FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\npla", id="half a piece of a form"),
        pytest.param(ASK + b"\r\n" + ASK, id="half a second request"),
    ],
)
def test_fifty_clients_that_stop_half_way_hold_nobody_up(library_inside: LibrarySite, sent: bytes) -> None:
    with ExitStack() as clients:
        for _number in range(MANY):
            clients.enter_context(client_of(library_inside)).sendall(sent)
        assert status_of(library_inside) == 200


def test_fifty_clients_that_never_hang_up_hold_nobody_up(library_inside: LibrarySite) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(client_of(library_inside)) for _number in range(MANY)]
        for client in clients:
            client.sendall(ASK + b"Connection: close\r\n\r\n")
        assert status_of(library_inside) == 200
        assert all(all_of(client).startswith(b"HTTP/1.1 200") for client in clients)


def test_more_clients_than_a_process_takes_in_hold_nobody_up(own_library: OwnSite) -> None:
    site = own_library(GUNICORN_CMD_ARGS="--worker-connections 20")
    with ExitStack() as clients:
        for _number in range(2 * MANY):
            clients.enter_context(client_of(site))
        assert status_of(site) == 200


def test_whoever_stops_half_way_is_given_up(library_inside: LibrarySite) -> None:
    with client_of(library_inside) as silent, client_of(library_inside) as slow:
        slow.sendall(ASK)
        assert all_of(silent) == all_of(slow) == b""


def test_whoever_reads_nothing_is_given_up_without_a_word(own_library: OwnSite) -> None:
    site = own_library()
    with client_of(site) as deaf:
        deaf.sendall(b"GET /books/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 1000)
        # The two are answered in turn, until the answers to one are more than the system keeps for who takes none.
        assert {status_of(site) for _number in range(300)} == {200}


def test_a_form_that_comes_in_pieces_is_taken_whole(library_inside: LibrarySite) -> None:
    body = b"answer=refuse&place=page&next=/about/"
    with client_of(library_inside) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        origin = f"Origin: {library_inside.url}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n".encode()
        for piece in (FORM[:30], FORM[30:] + origin, f"Content-Length: {len(body)}\r\n".encode(), b"\r\n"):
            client.sendall(piece)
        for byte in body:
            client.sendall(bytes([byte]))
        head, _end, _page = all_of(client).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 302")
    assert b"next=%2Fabout%2F" in head, "the form's last field"


def test_requests_that_come_together_are_answered_in_turn(library_inside: LibrarySite) -> None:
    with client_of(library_inside) as client:
        client.sendall(ASK + b"\r\n" + ASK + b"\r\n" + ASK + b"Connection: close\r\n\r\n")
        assert all_of(client).count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize("length", [200_000, 3_000_000])
def test_a_form_longer_than_any_is_refused_unread(library_inside: LibrarySite, length: int) -> None:
    with client_of(library_inside) as client:
        client.sendall(FORM + f"Content-Length: {length}\r\nConnection: close\r\n\r\n".encode())
        assert all_of(client).startswith((b"HTTP/1.1 400", b"HTTP/1.1 403"))
