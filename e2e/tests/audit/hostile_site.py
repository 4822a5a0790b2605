"""A site that does what could keep an audit from ever ending."""

import contextlib
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler

from cookie_harness.local_server import LocalServer

TRAPS = {
    "redirects": "",
    "dialogs": "<script>for (let i = 0; i < 20; i++) alert(i); prompt('?'); confirm('?')</script>",
    "unload": "<script>addEventListener('beforeunload', event => { event.preventDefault(); event.returnValue = 1; });"
    "</script>",
    "download": "",
    "headers": "",
    "never": "",
    "windows": "<script>for (let i = 0; i < 5; i++) open('/')</script>",
    "reloads": "<meta http-equiv=refresh content=0>",
    "flood": "<script>for (let i = 0; i < 300; i++) cookieAuditNote({store: 'cookieStore', what: ['flood' + i]});"
    "cookieAuditNote(null); cookieAuditNote({what: 7})</script>",
    "end": "<p>The last page</p>",
}
HEADERS = {
    "redirects": {"Location": "/redirects"},
    "download": {"Content-Disposition": "attachment; filename=a.bin"},
    "headers": {f"X-Long-{number}": "x" * 60_000 for number in range(40)},
}


BUSY = "<script>while (true);</script>"


class HostileSite(LocalServer):
    """Its start page links to all traps; or to one that never gives the processor back, or is that itself."""

    def __init__(self, *, busy: str | None = None) -> None:
        """`busy` is the address of the page that never gives the processor back, "" for the start page."""
        self.asked: list[str] = []
        self._busy = busy
        super().__init__(self._handler())

    @property
    def url(self) -> str:
        """The site's address, with a slash at its end."""
        return f"http://127.0.0.1:{self.port}/"

    def page(self, name: str) -> str:
        """What lies at an address: a trap, or the start page."""
        if name == self._busy:
            return BUSY
        links = "".join(f"<a href='/{each}'>{each}</a> " for each in ([self._busy] if self._busy else TRAPS))
        return TRAPS.get(name) or links

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                name = self.path.strip("/")
                with contextlib.suppress(OSError):  # the browser may have gone
                    if name == "never":
                        self._trickle()
                    else:
                        self._send(302 if name == "redirects" else 200, site.page(name), HEADERS.get(name, {}))

            def _trickle(self) -> None:
                """A page that goes on for ever, byte by byte, until nobody listens."""
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                while True:
                    self.wfile.write(b"<p>more</p>")
                    self.wfile.flush()
                    time.sleep(0.2)

            def _send(self, status: int, body: str, headers: Mapping[str, str]) -> None:
                page = f"<!doctype html><title>trap</title><link rel=icon href='data:,'>{body}".encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                if site._busy:
                    self.send_header("Set-Cookie", "early=1; Path=/")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        return Handler
