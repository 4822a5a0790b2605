"""A shared cache in front of a site, as stands between visitors and many a server; as bold as its standard allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler

from cookie_harness.local_server import LocalServer

# Headers that speak of one connection (RFC 9110, section 7.6.1), and the length, which is said anew.
_NOT_PASSED_ON = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
_NOT_STORED = ("no-store", "no-cache", "private")
_TIMEOUT = 30.0


@dataclass(frozen=True)
class CacheResponse:
    """A response, from the site or out of the store."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> str:
        """The values of a header, joined; "" for none."""
        return ", ".join(value for header, value in self.headers if header.lower() == name)

    @property
    def vary(self) -> tuple[str, ...]:
        """The request headers that this response depends on."""
        return tuple(name for each in self.all("vary").lower().split(",") if (name := each.strip()))

    @property
    def may_be_stored(self) -> bool:
        """Whether a cache that serves more than one visitor may keep it (RFC 9111, section 3)."""
        forbidden = any(word in self.all("cache-control").lower() for word in _NOT_STORED)
        return self.status == 200 and not forbidden and "*" not in self.vary  # noqa: PLR2004 -- "OK"


class SharedCache(LocalServer):
    """An HTTP server on 127.0.0.1, on a free port, that asks the site at `origin` only for what it has not stored.

    It is the boldest cache that RFC 9111 allows: what a site does not forbid it to store it stores, responses with
    cookies too (section 7.3), and takes for fresh as long as it runs (section 4.2.2 leaves that to the cache where the
    response names no end). It gives a stored response to whoever sends the same headers, of those that `Vary` names
    (section 4.1). Use it as a context manager.
    """

    def __init__(self, origin: str) -> None:
        """Claim a free port; the cache answers once the context is entered."""
        self.from_site: list[str] = []
        """The paths of requests that went on to the site, in order."""
        self.from_store: list[str] = []
        """The paths of requests that were answered out of the store, in order."""
        self._host = origin.removeprefix("http://")
        self._stored: dict[str, list[tuple[Mapping[str, list[str]], CacheResponse]]] = {}
        super().__init__(self._handler())

    @property
    def url(self) -> str:
        """The cache's own address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, method: str, path: str, headers: Message, body: bytes) -> CacheResponse:
        """Answer a request out of the store, or ask the site and store what may be stored."""
        if method == "GET" and (stored := self._find(path, headers)):
            self.from_store.append(path)
            return stored
        self.from_site.append(path)
        answer = self._ask(method, path, headers, body)
        if method == "GET" and answer.may_be_stored:
            selecting = {name: headers.get_all(name, []) for name in answer.vary}
            self._stored.setdefault(path, []).append((selecting, answer))
        return answer

    def _find(self, path: str, headers: Message) -> CacheResponse | None:
        for selecting, answer in self._stored.get(path, []):
            if all(headers.get_all(name, []) == values for name, values in selecting.items()):
                return answer
        return None

    def _ask(self, method: str, path: str, headers: Message, body: bytes) -> CacheResponse:
        connection = HTTPConnection(self._host, timeout=_TIMEOUT)
        try:
            connection.request(method, path, body or None, dict(_passed_on(headers.items())))
            response = connection.getresponse()
            return CacheResponse(response.status, tuple(_passed_on(response.getheaders())), response.read())
        finally:
            connection.close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        cache = self

        class CacheHandler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = cache.answer(self.command, self.path, self.headers, body)
                self.send_response_only(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        return CacheHandler


def _passed_on(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _NOT_PASSED_ON]
