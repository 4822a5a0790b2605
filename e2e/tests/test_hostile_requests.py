"""Whatever is sent, on the wire and without a browser: an answer below 500, and no traceback on the console."""

import re
import socket

import pytest

from e2e.library.site import LibrarySite

pytestmark = pytest.mark.promise("N1")

GET, POST = "GET {} HTTP/1.1\r\n", "POST {} HTTP/1.1\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
FORM, SIGN_IN, CHECK = "application/x-www-form-urlencoded", "/accounts/sign-in/", "/cookie-check/start/"


def get(path: str, *headers: str) -> bytes:
    return GET.format(path).encode() + end(headers)


def post(path: str, body: str, kind: str = FORM) -> bytes:
    return POST.format(path, kind, len(body)).encode() + end(()) + body.encode()


def end(headers: tuple[str, ...]) -> bytes:
    host = () if any(header.startswith("Host:") for header in headers) else ("Host: 127.0.0.1",)
    # Latin-1, so that a test can name each byte.
    return "\r\n".join([*host, *headers, "Connection: close", "", ""]).encode("latin-1")


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        pytest.param(get("/", "Host: evil.example"), {400}, id="another host"),
        pytest.param(get("/books/%zz%ff%fe?q=%zz%ff"), {404}, id="broken percent signs"),
        pytest.param(get("/genres/%00/"), {404}, id="a zero byte in the path"),
        pytest.param(get("/books/?q=%ed%a0%80%00"), {200}, id="half a surrogate pair"),
        pytest.param(get("/books/?" + "a=b&" * 1000), {200, 400}, id="a long query"),
        pytest.param(get("/books/?page=" + "9" * 3000), {200}, id="a long number"),
        pytest.param(get(SIGN_IN + "?next=//evil.example/%0d%0aX:1"), {200}, id="a header in a parameter"),
        pytest.param(get("/", "Cookie: visits=\xff\xfe; last_visit=\x80; =; ;;a"), {200, 400}, id="bytes in cookies"),
        pytest.param(get("/", "Cookie: " + "visits=1; " * 700), {200}, id="one cookie many times"),
        pytest.param(get("/", "Cookie: messages=W1siX19qc29uX21lc3NhZ2UiXV0:1:2"), {200}, id="a forged message"),
        pytest.param(get("/", "Cookie: page_size=" + "1" * 5000), {200}, id="5,000 digits in a cookie"),
        pytest.param(get("/", "Accept-Language: " + "x-" * 1500), {200}, id="an endless language"),
        pytest.param(get("/", "If-Modified-Since: junk", "Range: bytes=9-1"), {200}, id="a broken condition"),
        pytest.param(get("/static/../../manage.py"), {404}, id="a path out of the assets"),
        pytest.param(post(SIGN_IN, "abcde", "multipart/form-data; boundary=x"), {400, 403}, id="a broken upload"),
        pytest.param(post(SIGN_IN, "abcde", "multipart/form-data"), {400, 403}, id="an upload without a boundary"),
        pytest.param(post(CHECK, "a=b", f"{FORM}; charset=bogus"), {302, 400}, id="an unknown charset"),
        pytest.param(post(CHECK, "a=b&" * 2000), {302, 400}, id="too many fields"),
        pytest.param(post("/", "a=b"), {403, 405}, id="a post to a page that takes none"),
        pytest.param(b"DELETE /books/1/ HTTP/1.1\r\n" + end(()), {403, 405}, id="a method that nothing takes"),
        pytest.param(b"NONSENSE\r\n\r\n", {400}, id="no request at all"),
    ],
)
def test_a_hostile_request_is_answered_without_an_error(
    library_inside: LibrarySite, sent: bytes, statuses: set[int]
) -> None:
    with socket.create_connection(("127.0.0.1", int(library_inside.url.rsplit(":", 1)[1])), timeout=20) as connection:
        connection.sendall(sent)
        with connection.makefile("rb") as answer:
            first_line = answer.readline().decode("latin-1")
    assert int(re.split(r"\s", first_line)[1]) in statuses, first_line
    assert "Traceback" not in library_inside.console
