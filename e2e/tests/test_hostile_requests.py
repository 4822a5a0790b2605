"""Whatever is sent, on the wire and without a browser: an answer below 500, and no error on the console."""

import re
import socket

import pytest

from library_suite.site import TRACE, LibrarySite, Site
from library_suite.visitor import Visitor
from library_suite.wire import connection_to

pytestmark = pytest.mark.promise("N1")

GET, POST = "GET {} HTTP/1.1\r\n", "POST {} HTTP/1.1\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
FORM, SIGN_IN, CHECK = "application/x-www-form-urlencoded", "/accounts/sign-in/", "/cookie-check/start/"

FILES, UPLOAD = (
    "multipart/form-data; boundary=x",
    '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
)


def get(path: str, *headers: str) -> bytes:
    return GET.format(path).encode() + end(headers)


def post(path: str, body: str, kind: str = FORM) -> bytes:
    return POST.format(path, kind, len(body)).encode() + end(()) + body.encode()


def typed(path: str, content_type: str) -> bytes:
    return get(path, f"Content-Type: {content_type}")


def end(headers: tuple[str, ...]) -> bytes:
    host = () if any(header.startswith("Host:") for header in headers) else ("Host: 127.0.0.1",)
    # Latin-1, so that a test can name each byte.
    return "\r\n".join([*host, *headers, "Connection: close", "", ""]).encode("latin-1")


@pytest.mark.promise("N3")
@pytest.mark.parametrize("content_type", ["text/plain; charset=hex", "text/plain; charset*=bogus''x", FILES, ""])
def test_what_cant_be_read_is_said_by_the_site_itself(library: Site, content_type: str) -> None:
    connection = connection_to(library.url)
    query = "a&" * 1500 if not content_type else "q=abc"
    connection.request("GET", f"/books/?{query}", headers={"Content-Type": content_type})
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    assert answer.status == 400
    assert "<h1>We could not read that request</h1>" in page
    assert 'class="site-nav"' in page
    assert "default-src 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert "Cookie" in (answer.getheader("Vary") or ""), "the gate has seen it"


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
        pytest.param(get("/about/", "SCRIPT_NAME: /x"), {200}, id="a path that a proxy would have taken off"),
        pytest.param(get("/static/../../manage.py"), {404}, id="a path out of the assets"),
        pytest.param(post(SIGN_IN, "abcde", "multipart/form-data; boundary=x"), {400, 403}, id="a broken upload"),
        pytest.param(post(SIGN_IN, "abcde", "multipart/form-data"), {400, 403}, id="an upload without a boundary"),
        pytest.param(post(CHECK, "a=b", f"{FORM}; charset=bogus"), {400}, id="an unknown charset"),
        pytest.param(typed("/books/?q=abc", "text/plain; charset=hex"), {400}, id="a charset that is no text"),
        pytest.param(typed("/books/?q=abc", "text/plain; charset=undefined"), {400}, id="a charset that only fails"),
        pytest.param(typed("/books/?q=abc", "text/plain; charset=zlib"), {400}, id="a charset that unpacks"),
        pytest.param(typed("/books/?q=%5Cud800", "text/plain; charset=idna"), {400}, id="a charset for host names"),
        pytest.param(typed("/books/?q=%5Cud800", "a/b; charset=unicode_escape"), {400}, id="a charset of escapes"),
        pytest.param(typed("/books/?q=abc", "text/plain; charset*=bogus''x"), {400}, id="a charset for a charset"),
        pytest.param(typed("/books/?" + "a&" * 1500, "text/plain; charset=utf-8"), {400}, id="parameters in a charset"),
        pytest.param(get("/books/?" + "a&" * 1500), {400}, id="too many parameters"),
        pytest.param(post(SIGN_IN, UPLOAD, f"{FILES}; charset=hex"), {400}, id="an upload in no text"),
        pytest.param(post(SIGN_IN, UPLOAD, FILES), {400}, id="an upload where no form takes any"),
        pytest.param(post(CHECK, "a=b&" * 2000), {400, 403}, id="too many fields"),
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
    assert TRACE not in library_inside.console
    assert "ip=" not in library_inside.console, "gunicorn names who sent what is no HTTP"


def test_a_reader_whose_sign_in_leads_to_itself_gets_home(visitor: Visitor) -> None:
    visitor.register()
    assert visitor.open(f"{SIGN_IN}?next={SIGN_IN}").status == 200
    assert visitor.page.url == visitor.address + "/"
