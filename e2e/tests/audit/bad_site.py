"""A site that does with cookies what it should not, and notes what it is asked for."""

import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from cookie_harness.local_server import LocalServer

HOSTILE = "<script>document.title='broken'</script>"
DECLARATIONS = {
    "purposes": [],
    "cookies": [
        {
            "name": name,
            "purpose": purpose,
            "lifetime": None,
            "http_only": False,
            "secure": False,
            "same_site": "Lax",
            "path": "/",
            "domain": None,
        }
        for name, purpose in (("choice", "necessary"), ("stat", "statistics"))
    ],
}
HTML = "text/html"
PAGES = "abcdef"
BANNER = """<div id=banner><button>Accept all</button> <button>Refuse all</button></div><script>
for (const button of document.querySelectorAll('#banner button')) button.onclick = async () => {
    await fetch('/choice', {method: 'POST'});
    document.getElementById('banner').remove();
};
</script>"""


@dataclass(frozen=True)
class Asked:
    """One request: its method, the host it was sent to, its path."""

    method: str
    host: str
    path: str


class BadSite(LocalServer):
    """A threaded server on 127.0.0.1, on a free port; use it as a context manager."""

    def __init__(self, *, banner: bool = True, declares: bool = True) -> None:
        self.asked: list[Asked] = []
        self._banner = BANNER if banner else ""
        self._declares = declares
        super().__init__(self._handler())

    @property
    def url(self) -> str:
        """The site's address, with a slash at its end."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def other_host(self) -> str:
        """The same server under another name, which the pages ask for a picture."""
        return f"localhost:{self.port}"

    def _home(self) -> str:
        links = "".join(f"<a href='/page/{name}'>{name}</a> " for name in PAGES)
        return (
            f"{self._banner}<script>localStorage.setItem('tracking-id', '1')</script>"
            f"<img src='//{self.other_host}/pixel'><a href='//{self.other_host}/elsewhere'>away</a> "
            f"<a href='/away'>away by a redirect</a> {links}"
        )

    def _answers(self) -> dict[str, tuple[str, ...]]:
        """For each address the kind of its document, the document, and the `Set-Cookie` lines."""
        forged = "choice=1; Path=/; SameSite=Lax; HttpOnly"
        answers: dict[str, tuple[str, ...]] = {
            "/": (HTML, self._home(), "stat=1; Path=/; SameSite=Lax", f"stray={HOSTILE}; Path=/"),
            **{f"/page/{name}": (HTML, "<a href='/'>back</a>", forged) for name in PAGES},
        }
        if self._declares:
            answers["/cookies.json"] = ("application/json", json.dumps(DECLARATIONS))
        return answers

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._note()
                if found := site._answers().get(self.path):
                    self._answer(*found)
                elif self.path == "/away":
                    self.send_response(302)
                    self.send_header("Location", f"http://{site.other_host}/elsewhere")
                    self.end_headers()
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                self._note()
                self._answer("text/plain", "thank you", "choice=1; Path=/; SameSite=Lax")

            def _note(self) -> None:
                site.asked.append(Asked(self.command, self.headers["Host"], self.path))

            def _answer(self, kind: str, body: str, *set_cookies: str) -> None:
                page = f"<!doctype html><title>bad</title><link rel=icon href='data:,'>{body}" if kind == HTML else body
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(page.encode())))
                for line in set_cookies:
                    self.send_header("Set-Cookie", line)
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        return Handler
