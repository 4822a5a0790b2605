"""A tiny site that sets cookies and shows which ones came back: what the guard asks."""

import html
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlencode, urlsplit

from cookie_harness.local_server import LocalServer


@dataclass(frozen=True)
class Received:
    """One request: its path, its `Cookie` header as it came ("" for none), and whether it had `Sec-GPC: 1`."""

    path: str
    cookie: str
    gpc: bool


class EchoSite(LocalServer):
    """A threaded server on 127.0.0.1, on a free port; use it as a context manager.

    Cookies are not kept apart by port, so these share a jar with any other site on 127.0.0.1: choose names of your own.
    """

    def __init__(self) -> None:
        """Claim a free port; the site answers once the context is entered."""
        self.received: list[Received] = []
        """Every request in order, but those for the icon."""
        super().__init__(self._handler())

    @property
    def url(self) -> str:
        """The site's address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def other_url(self) -> str:
        """The same site under a host name that shares no cookie with the first, and is another site to a browser."""
        return f"http://localhost:{self.port}"

    @property
    def last_cookie_header(self) -> str:
        """The `Cookie` header of the latest request, "" for none."""
        return self.received[-1].cookie

    @property
    def received_url(self) -> str:
        """A page that shows the `Cookie` header of the request for it, as its only text."""
        return f"{self.url}/received"

    def set_url(self, name: str, max_age: int | None = 3600, *, third_party: bool = False) -> str:
        """A page that sets `<name>-header` by a header and `<name>-script` by a script.

        `max_age` is in seconds: None for cookies that live until the browser closes, 0 to delete both. With
        `third_party` they ask to be kept in a frame of another site too (`SameSite=None; Secure`).
        """
        attributes = "; Path=/" + ("" if max_age is None else f"; Max-Age={max_age}")
        if third_party:
            attributes += "; SameSite=None; Secure"
        return f"{self.url}/set?{urlencode({'name': name, 'attributes': attributes})}"

    def sending_url(self, line: str) -> str:
        """A page that sends this `Set-Cookie` line, whatever it says: what a neighbour on another port may do."""
        return f"{self.url}/send?{urlencode({'line': line})}"

    def embedding_url(self, name: str) -> str:
        """A page of `other_url` with a frame from `url` that sets cookies: what a third party does."""
        frame = self.set_url(name, third_party=True)
        return f"{self.other_url}/embed?{urlencode({'frame': frame})}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        received = self.received

        class EchoHandler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                cookie = self.headers.get("Cookie", "")
                received.append(Received(self.path, cookie, gpc=self.headers.get("Sec-GPC") == "1"))
                address = urlsplit(self.path)
                query = {key: values[0] for key, values in parse_qs(address.query).items()}
                if address.path == "/set":
                    name, rest = query["name"], f"=1{query['attributes']}"
                    script = f"<script>document.cookie = '{name}-script{rest}'</script>"
                    self._page(script, set_cookie=f"{name}-header{rest}")
                elif address.path == "/send":
                    self._page("sent", set_cookie=query["line"])
                elif address.path == "/embed":
                    self._page(f'<iframe src="{html.escape(query["frame"])}"></iframe>')
                else:
                    self._page(f"<pre>{cookie}</pre>")

            def _page(self, body: str, set_cookie: str | None = None) -> None:
                # An empty icon, or each page would cost a second request.
                page = f"<!doctype html><title>echo</title><link rel=icon href='data:,'>{body}".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page)))
                self.send_header("Cache-Control", "no-store")
                if set_cookie:
                    self.send_header("Set-Cookie", set_cookie)
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        return EchoHandler
