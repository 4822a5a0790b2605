"""A shared cache keeps to its standard: it stores what it may, and tells visitors apart as `Vary` says."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request, urlopen

import pytest

from cookie_harness import SharedCache

pytestmark = pytest.mark.promise("H8")


@pytest.fixture
def cache() -> Iterator[SharedCache]:
    """In front of a site that numbers its answers, and gives each the headers that its query names."""
    numbers = iter(range(1, 100))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in parse_qsl(urlsplit(self.path).query):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(str(next(numbers)).encode())

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.05,))
        thread.start()
        with SharedCache(f"http://127.0.0.1:{site.server_port}") as cache:
            yield cache
        site.shutdown()
        thread.join()


def get(cache: SharedCache, path: str, cookie: str = "", body: bytes | None = None) -> str:
    headers = {"Cookie": cookie} if cookie else {}
    with urlopen(Request(cache.url + path, body, headers), timeout=10) as response:
        text: bytes = response.read()
    return text.decode()


def test_what_may_be_stored_is_stored_cookies_and_all(cache: SharedCache) -> None:
    assert [get(cache, "/?Set-Cookie=a%3D1"), get(cache, "/?Set-Cookie=a%3D1", "b=2")] == ["1", "1"]
    assert get(cache, "/another") == "2"
    assert (len(cache.from_site), len(cache.from_store)) == (2, 1)


def test_a_response_that_varies_with_the_cookie_goes_to_the_same_cookie_alone(cache: SharedCache) -> None:
    path = "/?Vary=Accept-Language%2C+Cookie"
    assert [get(cache, path, cookie) for cookie in ("", "a=1", "a=2", "a=1", "")] == ["1", "2", "3", "2", "1"]


@pytest.mark.parametrize("header", ["Cache-Control=no-store", "Cache-Control=max-age%3D9%2C+private", "Vary=*"])
def test_what_may_not_be_stored_is_asked_for_each_time(cache: SharedCache, header: str) -> None:
    assert [get(cache, f"/?{header}") for _ in range(2)] == ["1", "2"]
    assert cache.from_store == []


def test_a_form_always_reaches_the_site(cache: SharedCache) -> None:
    assert [get(cache, "/", body=b"a=1") for _ in range(2)] == ["1", "2"]
