"""Serves one site of the corpus, and the other hosts that its pages ask, and notes every request."""

import base64
import contextlib
import json
import tempfile
import threading
import uuid
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from cookie_corpus import pages
from cookie_corpus.project_process import ProjectProcess
from cookie_corpus.projects.told import ToldSite
from cookie_corpus.table import IDENTIFIER, NECESSARY, CorpusSite, SiteState, Trace
from cookie_harness.local_server import LocalServer

CHOICE = "consent"
"""The cookie in which sites with a banner of their own remember the answer."""
PAGES = {"": "home.html", "shop": "shop.html", "about": "about.html"}
"""The addresses of the pages, and what their files are called where a project makes them."""
PATHS = tuple(f"/{address}" for address in PAGES)
_HTML, _SCRIPT, _IMAGE = "text/html; charset=utf-8", "text/javascript; charset=utf-8", "image/gif"
_KINDS = {".css": "text/css", ".js": _SCRIPT, ".mjs": _SCRIPT, ".svg": "image/svg+xml", ".json": "application/json"}
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@dataclass(frozen=True)
class LoggedRequest:
    """One request as it came in: the host that it was sent to, without port, and the cookies that it carried."""

    method: str
    host: str
    path: str
    cookies: tuple[str, ...]


@dataclass(frozen=True)
class _Visitor:
    """What a request says of who sends it."""

    state: SiteState
    purposes: frozenset[str]
    gpc: bool

    def gets(self, trace: Trace) -> bool:
        state = self.state
        if self.gpc and state == "undecided" and trace.heeds_gpc and trace.purpose != NECESSARY:
            state = "refused"
        return trace.is_set(state, self.purposes)


class CorpusServer(LocalServer):
    """One site on 127.0.0.1, on a free port; use it as a context manager. Third parties end with `.localhost`."""

    def __init__(self, site: CorpusSite, package: Path | None = None) -> None:
        """`package` is the folder of the consent manager that the site needs, if it needs one."""
        self.site = site
        self.package = package
        self.project: ProjectProcess | None = None
        self._log: list[LoggedRequest] = []
        self._lock = threading.Lock()
        self._closing = contextlib.ExitStack()
        super().__init__(_handler(self))

    def __enter__(self) -> Self:
        """Raises `ProjectFailed` where the pages are made by a project that does not start."""
        if self.site.project and self.package:
            folder = self._closing.enter_context(tempfile.TemporaryDirectory())
            told = ToldSite(folder, self.site.options["wired"], *pages.waiting(self.site))
            project = ProjectProcess(self.site.project, self.package, self._templates(), told)
            self.project = self._closing.enter_context(project)
        super().__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        super().__exit__(*raised)
        self._closing.close()

    @property
    def url(self) -> str:
        """The site's address, with a slash at its end."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def log(self) -> tuple[LoggedRequest, ...]:
        """Every request so far, in the order in which they came in."""
        with self._lock:
            return tuple(self._log)

    def wait(self) -> None:
        """Serve until the process is interrupted."""
        self._thread.join()

    def _templates(self) -> dict[str, str]:
        """The pages as a project serves them, by the names of their files: what waits for consent is left to it."""
        newcomer = visitor_of(None, gpc=False)
        traces = [each for each in self.site.traces if newcomer.gets(each)]
        port = f":{self.port}"
        addresses = {file: address for address, file in PAGES.items()} | {"base.html": "wtm/manage"}
        return {
            file: pages.page(self.site, f"/{address}", newcomer.state, traces, port)
            for file, address in addresses.items()
        }

    def note(self, request: LoggedRequest) -> None:
        """Write a request down."""
        with self._lock:
            self._log.append(request)


@dataclass(frozen=True)
class _Reply:
    body: bytes
    kind: str = _HTML
    status: int = 200
    set_cookies: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def visitor_of(choice: str | None, *, gpc: bool) -> _Visitor:
    """Who sends a request with this choice cookie: its value is the answer, or the purposes that were granted."""
    if choice is None:
        return _Visitor("undecided", frozenset(), gpc)
    if choice in {"refused", "withdrawn"}:
        return _Visitor("refused" if choice == "refused" else "withdrawn", frozenset(), gpc)
    return _Visitor("granted", frozenset(choice.split("+")), gpc)


def set_cookie(trace: Trace, value: str | None = None) -> str:
    """The line that sets a trace."""
    return f"{trace.name}={value or value_of(trace)}; {trace.attributes}"


def value_of(trace: Trace) -> str:
    """What a new visitor gets."""
    return uuid.uuid4().hex if trace.value == IDENTIFIER else trace.value


def _handler(server: CorpusServer) -> type[BaseHTTPRequestHandler]:
    class CorpusHandler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            sent = self._noted()
            reply = _of_project(server, self, b"")
            self._send(reply or _answer(server, sent, self.path, self._visitor()))

        def do_POST(self) -> None:
            self._noted()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply = _of_project(server, self, body)
            self._send(reply or _chosen(server.site, body, self.headers.get("Referer", "/"), self._visitor()))

        def _noted(self) -> dict[str, str]:
            cookies = _cookies(self.headers.get("Cookie", ""))
            host = self.headers.get("Host", "").partition(":")[0]
            server.note(LoggedRequest(self.command, host, self.path, tuple(cookies)))
            self._carried = cookies
            return cookies | {"If-None-Match": self.headers.get("If-None-Match", "")}

        def _visitor(self) -> _Visitor:
            return visitor_of(self._carried.get(CHOICE), gpc=self.headers.get("Sec-GPC") == "1")

        def _send(self, reply: _Reply) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body)))
            headers = dict(reply.headers)
            self.send_header("Cache-Control", headers.pop("Cache-Control", "no-store"))
            for name, value in headers.items():
                self.send_header(name, value)
            for line in reply.set_cookies:
                self.send_header("Set-Cookie", line)
            with contextlib.suppress(ConnectionError):  # who goes on to another page does not wait for this one
                self.end_headers()
                self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    return CorpusHandler


def _cookies(header: str) -> dict[str, str]:
    """The cookies of a header; a part that is no pair, as consent managers write JSON, goes by its name."""
    try:
        parsed = {name: each.value for name, each in SimpleCookie(header).items()}
    except CookieError:
        parsed = {}
    pairs = (part.strip().partition("=") for part in header.split(";") if part.strip())
    return {name: value.strip('"') for name, _, value in pairs} | parsed


def _of_project(server: CorpusServer, asked: BaseHTTPRequestHandler, body: bytes) -> _Reply | None:
    """What a site's project answers, as this server says it; None where it has none to ask."""
    if server.project is None or _is_of_corpus(server.site, urlsplit(asked.path).path):
        return None
    answer = server.project.ask(asked.command, asked.path, dict(asked.headers), body)
    kind = next((value for name, value in answer.headers if name.lower() == "content-type"), "text/plain")
    lines = tuple(value for name, value in answer.headers if name.lower() == "set-cookie")
    headers = tuple(each for each in answer.headers if each[0].lower() not in {"content-type", "set-cookie"})
    return _Reply(answer.body, kind, answer.status, lines, headers)


def _is_of_corpus(site: CorpusSite, path: str) -> bool:
    """Whether the corpus's own server answers an address of a site that a project makes the pages of."""
    first, _, rest = path.removeprefix("/").partition("/")
    return first == "banner" or rest.removesuffix(".js") in {each.name for each in site.traces}


def _answer(server: CorpusServer, sent: dict[str, str], target: str, visitor: _Visitor) -> _Reply:
    """What an address answers: a page of the site, a file, or what brings a trace, whoever's host it is asked of."""
    site, path = server.site, urlsplit(target).path
    if path in PATHS:
        return _page(server, sent, path, visitor)
    first, _, rest = path.removeprefix("/").partition("/")
    if first == "package" and server.package:
        return _file(server.package, rest)
    if first == "banner":
        return _file(pages.BANNER_FILES, rest)
    for trace in site.traces:
        if rest.removesuffix(".js") == trace.name:
            return _brings(server, trace, first, sent, visitor)
    return _document(site, path, visitor)


def _document(site: CorpusSite, path: str, visitor: _Visitor) -> _Reply:
    """What a site has one of."""
    match path:
        case "/cookies.json" if site.declares is not None:
            return _Reply(json.dumps(pages.declarations(site)).encode(), "application/json")
        case "/clear.js":
            return _Reply(pages.clearing_script(site, visitor.gets).encode(), _SCRIPT)
        case "/cmp":
            return _Reply(pages.frame_of_banner(site, visitor.state).encode())
    return _Reply(b"There is no such page.", "text/plain", 404)


def _page(server: CorpusServer, sent: dict[str, str], path: str, visitor: _Visitor) -> _Reply:
    traces = [each for each in server.site.traces if visitor.gets(each)]
    # Once set, a cookie stays as it is: an identifier that changed on each page would identify nobody.
    by_header = [each for each in traces if each.by == "header" and each.name not in sent]
    body = pages.page(server.site, path, visitor.state, traces, f":{server.port}")
    return _Reply(body.encode(), set_cookies=tuple(map(set_cookie, by_header)))


def _brings(server: CorpusServer, trace: Trace, first: str, sent: dict[str, str], visitor: _Visitor) -> _Reply:
    """What a page asks to get a trace: who may ask for it has been decided when the page was made."""
    line = () if trace.name in sent or trace.store != "cookie" else (set_cookie(trace),)
    match first:
        case "script" | "register" | "worker":
            text = pages.script(trace, first, value_of(trace), f":{server.port}")
            return _Reply(text.encode(), _SCRIPT, headers=(("Service-Worker-Allowed", "/"),))
        case "frame":
            return _Reply(pages.frame(trace).encode(), set_cookies=line)
        case "go" | "act":
            wanted = line if first == "act" or visitor.gets(trace) else ()
            return _Reply(b"", status=302, set_cookies=wanted, headers=(("Location", "/shop"),))
        case "image" if trace.by == "etag":
            known = sent["If-None-Match"].strip('"') or value_of(trace)
            wanted = (set_cookie(trace, known),) if trace.name not in sent else ()
            return _Reply(_PIXEL, _IMAGE, 200, wanted, (("ETag", f'"{known}"'), ("Cache-Control", "no-cache")))
        case "font":
            return _Reply(b"", "font/woff2", headers=(("Access-Control-Allow-Origin", "*"),))
        case _:
            return _Reply(_PIXEL, _IMAGE, set_cookies=line)


def _chosen(site: CorpusSite, body: bytes, back: str, visitor: _Visitor) -> _Reply:
    """Remember an answer to the site's own banner, take away what it forbids, and lead back to the page."""
    form = parse_qs(body.decode())
    answer = form.get("answer", ["refuse"])[0]
    purposes = site.purposes if answer == "accept" else tuple(form.get("purpose", ()))
    if answer == "refuse" or (answer == "save" and not purposes and visitor.state == "undecided"):
        value = "refused"
    elif purposes and answer != "withdraw":
        value = "+".join(purposes)
    else:
        value = "withdrawn"
    seconds = site.options["choice_seconds"]
    lines = [f"{CHOICE}={value}; Path=/; SameSite=Lax; Max-Age={seconds}"]
    now = visitor_of(value, gpc=visitor.gpc)
    for trace in site.traces:
        is_of_ours = trace.store == "cookie" and trace.purpose != NECESSARY and trace.host is None and trace.cleared
        if is_of_ours and not now.gets(trace):
            lines.append(f"{trace.name}=; {trace.attributes}; Max-Age=0")
    path = urlsplit(back).path
    return _Reply(b"", status=303, set_cookies=tuple(lines), headers=(("Location", path if path in PATHS else "/"),))


def _file(folder: Path, name: str) -> _Reply:
    """A file of a package, and none outside it."""
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        return _Reply(b"There is no such file.", "text/plain", 404)
    return _Reply(file.read_bytes(), _KINDS.get(file.suffix, "application/octet-stream"))
