"""What the pages cost under load, beside the same pages as MDN's tutorial writes them; called by `scripts/bench pages`.

Every server is started anew, with its own copy of one database, and the rounds are interleaved: each of them asks all
pages of all servers in turn. So what else the machine does hits all alike.
"""

import argparse
import http.client
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from secrets import token_urlsafe
from statistics import median
from urllib.parse import urlencode, urlsplit

from bench_load import TOOL, Load, put_load_on

from cookie_harness import ServerProcess
from library_suite.site import SITE, manage, prepare, variables

SERVERS = Path(__file__).parent / "bench_servers"
TICKS = os.sysconf("SC_CLK_TCK")
WORKERS = 2
VISITORS = 8
SEVERAL = f"home, counting {VISITORS} visitors"
WARM_UP = 1.0
"""Seconds for each page, before the first round."""


@dataclass
class Page:
    """One page of one server, and what the rounds took."""

    server: "Server"
    name: str
    path: str
    cookies: tuple[str, ...] = ()
    """A `Cookie` header for each visitor; they ask in turn. Nobody who asks brings a cookie where there is none."""
    beside: str = ""
    """The name of the tutorial's page that this one is compared with."""
    loads: list[Load] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Of the server, in milliseconds for each request, round by round; empty where it can't be known."""

    def ask(self, connections: int, seconds: float) -> None:
        """One round."""
        before = self.server.processor_time()
        url = self.server.url + self.path
        load = put_load_on(url, {"Accept-Language": "en"}, self.cookies, connections=connections, seconds=seconds)
        self.loads.append(load)
        if before is not None and (after := self.server.processor_time()) is not None:
            self.processor.append((after - before) * 1000 / load.requests)

    def forget(self) -> None:
        """What came so far was for warming up."""
        self.loads.clear()
        self.processor.clear()


@dataclass
class Server:
    """A server that is measured. `process` is None for one that somebody else has started."""

    name: str
    url: str
    process: int | None = None

    def processor_time(self) -> float | None:
        """Seconds that its processes have spent so far; None where that is unknown."""
        if self.process is None or not Path("/proc/self/stat").exists():
            return None
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return sum(map(_ticks, [str(self.process), *children])) / TICKS


def _ticks(process: str) -> int:
    # proc(5): utime and stime are fields 14 and 15; the second field may hold spaces, and ends with the last bracket.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


class CookieJarClient:
    """A visitor without a browser: takes cookies and brings them back."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> None:
        """Open a page, or send a form of this site."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Cookie": self.header, "Sec-Fetch-Site": "same-origin", "Origin": f"http://{self.host}"}
        if form is None:
            connection.request("GET", path, headers=headers)
        else:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path, urlencode(form), headers | kind)
        answer = connection.getresponse()
        answer.read()
        for line in answer.msg.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        connection.close()

    @property
    def header(self) -> str:
        """The `Cookie` header that the next request brings."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    @classmethod
    def who_answers(cls, url: str, answer: str) -> "CookieJarClient":
        """Somebody who has just answered the banner with `accept` or `refuse`."""
        visitor = cls(url)
        visitor.ask("/cookies/choice/", {"answer": answer, "place": "page", "next": "/"})
        return visitor

    @classmethod
    def who_reads(cls, url: str, *, signed_in: bool = False) -> "CookieJarClient":
        """Somebody who allowed everything, and opened a book."""
        visitor = cls.who_answers(url, "accept")
        if signed_in:
            password = token_urlsafe()
            visitor.ask("/accounts/register/", {"username": "reader", "password1": password, "password2": password})
            visitor.ask("/")
        visitor.ask("/books/2/")
        return visitor

    @classmethod
    def who_came_home(cls, url: str, answer: str = "") -> "CookieJarClient":
        """Somebody whose visit of the home page was counted, after an answer where one is asked for."""
        visitor = cls.who_answers(url, answer) if answer else cls(url)
        visitor.ask("/")
        return visitor


def pages_of_the_tutorial(server: Server) -> Iterator[Page]:
    """What this site is measured against."""
    readers = [CookieJarClient.who_came_home(server.url) for _ in range(VISITORS)]
    yield Page(server, "home, counting", "/", (readers[0].header,))
    yield Page(server, SEVERAL, "/", tuple(reader.header for reader in readers))
    yield Page(server, "home, no cookie", "/")
    yield Page(server, "book list", "/books/")
    yield Page(server, "book", "/books/1/")
    yield Page(server, "a trivial view", "/trivial/")


def pages_of_the_site(server: Server) -> Iterator[Page]:
    """The same pages here, and those that the tutorial doesn't have."""
    refused = CookieJarClient.who_answers(server.url, "refuse")
    counted, *others = (CookieJarClient.who_came_home(server.url, "accept") for _ in range(VISITORS))
    reader, signed_in = (CookieJarClient.who_reads(server.url, signed_in=each) for each in (False, True))
    yield Page(server, "home, counting", "/", (counted.header,), beside="home, counting")
    yield Page(server, SEVERAL, "/", tuple(each.header for each in (counted, *others)), beside=SEVERAL)
    yield Page(server, "home, undecided", "/", beside="home, no cookie")
    yield Page(server, "home, refused", "/", (refused.header,), beside="home, no cookie")
    yield Page(server, "book list", "/books/", beside="book list")
    yield Page(server, "book list, counting", "/books/", (counted.header,), beside="book list")
    yield Page(server, "book", "/books/1/", beside="book")
    yield Page(server, "book, of a reader", "/books/1/", (reader.header,), beside="book")
    yield Page(server, "book, of one signed in", "/books/1/", (signed_in.header,), beside="book")
    yield Page(server, "home, of one signed in", "/", (signed_in.header,), beside="home, counting")
    yield Page(server, f"/privacy/, {len(counted.cookies)} cookies", "/privacy/", (counted.header,))
    yield Page(server, "cookies page", "/cookies/")


def pages_without_the_gate(server: Server) -> Iterator[Page]:
    """The same site without gate and dashboard: a home page that counts, and one that sets nothing."""
    reader = CookieJarClient.who_came_home(server.url)
    yield Page(server, "home, counting", "/", (reader.header,), beside="home, counting")
    yield Page(server, "book list", "/books/", beside="book list")


def pages_that_grow(server: Server) -> Iterator[Page]:
    """Those whose price might follow the size of the catalogue."""
    for name, path in (
        ("home", "/"),
        ("genres", "/genres/"),
        ("a genre", "/genres/novel/"),
        ("book list", "/books/"),
        ("page 2000", "/books/?page=2000"),
        ("a search", "/books/?q=bronte+eyre"),
        ("a broad search", "/books/?q=volume"),
        ("authors", "/authors/"),
    ):
        yield Page(server, name, path)


class Shelf:
    """Prepared data folders, and the servers that get copies of them."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.stack = stack
        self.number = 0

    def prepared(self, books: int) -> Path:
        """A data folder with so many books in all: the collection, and made-up ones beside it."""
        data = self.folder / f"prepared-{books}"
        if not data.exists():
            prepare(data)
            made_up = books - int(manage(data, {}, "shell", "--verbosity", "0", "--command", NUMBER_OF_BOOKS))
            manage(data, {}, "seed_library", "--verbosity", "0", "--books", str(max(0, made_up)))
        return data

    def start(self, name: str, books: int, settings_module: str, options: Sequence[str], path: str = "/") -> Server:
        """Start gunicorn with its options, on a copy of the data."""
        self.number += 1
        data = self.folder / f"server-{self.number}"
        data.mkdir()
        shutil.copy(self.prepared(books) / "library.sqlite3", data)
        (data / "static").symlink_to(self.prepared(books) / "static")
        environment = variables(data, {}) | {"DJANGO_SETTINGS_MODULE": settings_module}
        environment["PYTHONPATH"] += os.pathsep + str(SERVERS)

        def command(descriptor: int) -> list[str]:
            return [sys.executable, "-m", "gunicorn", "--bind", f"fd://{descriptor}", *WITH_WORKERS, *options]

        # One worker takes the first request; a second one is ready by the end of the warm-up.
        process = ServerProcess(command, data / "server.log", environment=environment, folder=SITE, path=path)
        self.stack.enter_context(process)
        return Server(name, process.url, process.process)


NUMBER_OF_BOOKS = "from catalog.models import Book; print(Book.objects.count())"
WITH_WORKERS = ("--workers", str(WORKERS))
AS_SHIPPED = ("--config", "gunicorn.conf.py")
PLAIN = ("--worker-class", "sync", "--threads", "1")
WAYS_TO_SERVE = {
    "plain workers": PLAIN,
    "as shipped": (),
    "as shipped, 2 threads": ("--threads", "2"),
    "gthread, 2": ("--worker-class", "gthread", "--threads", "2"),
    "gthread, 8": ("--worker-class", "gthread", "--threads", "8"),
}
SERVED = {"home, counting", "home, undecided", "book"}
TUTORIAL = ("--config", str(SERVERS / "plain.conf.py"), *PLAIN, "django.core.wsgi:get_wsgi_application()")


def the_usual_pages(shelf: Shelf, books: int) -> list[Page]:
    """The tutorial, this site under the same plain workers, this site as shipped, and this site without its gate."""
    tutorial = shelf.start("tutorial", books, "tutorial.settings", TUTORIAL, path="/trivial/")
    plain = shelf.start("site", books, "locallibrary.settings", (*AS_SHIPPED, *PLAIN))
    shipped = shelf.start("site, as shipped", books, "locallibrary.settings", AS_SHIPPED)
    ungated = shelf.start("site, no gate", books, "ungated.settings", (*AS_SHIPPED, *PLAIN))
    return [
        *pages_of_the_tutorial(tutorial),
        *pages_of_the_site(plain),
        *(page for page in pages_of_the_site(shipped) if page.beside and page.name != "home, refused"),
        *pages_without_the_gate(ungated),
    ]


def pages_of_two_sizes(shelf: Shelf, books: int, many: int) -> list[Page]:
    """The same pages of a small catalogue and of a large one."""
    servers = [
        shelf.start(f"{size:,} books", size, "locallibrary.settings", (*AS_SHIPPED, *PLAIN)) for size in (books, many)
    ]
    small, large = (list(pages_that_grow(server)) for server in servers)
    for page in large:
        page.beside = page.name
    return [*small, *large]


def pages_of_each_server(shelf: Shelf, books: int) -> list[Page]:
    """A few pages of this site, served in one way after the other; the first is what the others are compared with."""
    pages = []
    for name, options in WAYS_TO_SERVE.items():
        server = shelf.start(name, books, "locallibrary.settings", (*AS_SHIPPED, *options))
        pages += [page for page in pages_of_the_site(server) if page.name in SERVED]
    for page in pages:
        page.beside = page.name
    return pages


def pages_at(url: str, paths: Sequence[str], cookies: str) -> list[Page]:
    """Pages of a site that runs already."""
    return [
        Page(Server(urlsplit(url).netloc, url.rstrip("/")), path, path, (cookies,) if cookies else ()) for path in paths
    ]


def measure(pages: Sequence[Page], arguments: argparse.Namespace) -> None:
    """Warm everything up, then go round."""
    for page in pages:
        page.ask(arguments.connections, WARM_UP)
        page.forget()
    for _ in range(arguments.rounds):
        for page in pages:
            page.ask(arguments.connections, arguments.seconds)


def compared(page: Page, pages: Sequence[Page]) -> Page | None:
    """The page that another one is compared with: of the first server."""
    first = pages[0].server
    return next((each for each in pages if each.server is first and each.name == page.beside), None)


def ratio(page: Page, pages: Sequence[Page], of: Callable[[Page], Sequence[float]]) -> float | None:
    """The median over the rounds of what a page did in a round over what the other did in the same one."""
    other = compared(page, pages)
    if other is None or not of(page) or not of(other):
        return None
    return median(mine / theirs for mine, theirs in zip(of(page), of(other), strict=True))


def rates(page: Page) -> list[float]:
    """Requests a second, round by round."""
    return [load.rate for load in page.loads]


def cheapness(page: Page) -> list[float]:
    """Requests for each second of processor time, round by round."""
    return [1000 / max(spent, 0.001) for spent in page.processor]


def report(pages: Sequence[Page]) -> Iterator[str]:
    """The table."""
    yield f"{'':42}{'req/s':>7}{'from':>7}{'to':>7}{'p50 ms':>8}{'p99 ms':>8}{'CPU ms':>8}{'ratio':>7}{'by CPU':>8}"
    for page in pages:
        by_rate, by_cpu = ratio(page, pages, rates), ratio(page, pages, cheapness)
        yield (
            f"{page.server.name + ': ' + page.name:42}"
            f"{median(rates(page)):7.0f}{min(rates(page)):7.0f}{max(rates(page)):7.0f}"
            f"{median(load.p50 for load in page.loads):8.1f}{median(load.p99 for load in page.loads):8.1f}"
            + (f"{median(page.processor):8.2f}" if page.processor else f"{'':8}")
            + (f"{by_rate:7.2f}" if by_rate else f"{'':7}")
            + (f"{by_cpu:8.2f}" if by_cpu else "")
        ).rstrip()


def as_json(pages: Sequence[Page], arguments: argparse.Namespace) -> str:
    """All rounds of all pages, with the ratios, for tools."""
    rows = [
        {
            "server": page.server.name,
            "page": page.name,
            "path": page.path,
            "rounds": [asdict(load) | {"requests_per_second": load.rate} for load in page.loads],
            "processor_ms_per_request": page.processor,
            "ratio": ratio(page, pages, rates),
            "ratio_by_processor_time": ratio(page, pages, cheapness),
        }
        for page in pages
    ]
    # `scripts/bench` says so at the head of its output, too.
    today, commit = datetime.now(UTC).date().isoformat(), os.environ.get("BENCH_COMMIT", "")
    measured = {"date": today, "commit": commit, "tool": TOOL, "processors": os.cpu_count()}
    return json.dumps(measured | {"connections": arguments.connections, "pages": rows}, indent=2)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="scripts/bench pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1, help="for each page in each round (default 1)")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--books", type=int, default=1_000)
    parser.add_argument(
        "--many-books", type=int, metavar="N", help="compare a catalogue of N books with one of --books"
    )
    parser.add_argument(
        "--servers", action="store_true", help="compare ways to serve this site: plain workers, and threads"
    )
    parser.add_argument("--url", help="measure a site that runs, and start none")
    parser.add_argument("--path", action="append", help="with --url: a page to ask for; may be given again (default /)")
    parser.add_argument("--cookie", default="", help="with --url: the Cookie header to send")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all rounds there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as folder, ExitStack() as stack:
        shelf = Shelf(Path(folder), stack)
        if arguments.url:
            pages = pages_at(arguments.url, arguments.path or ["/"], arguments.cookie)
        elif arguments.servers:
            pages = pages_of_each_server(shelf, arguments.books)
        elif arguments.many_books:
            pages = pages_of_two_sizes(shelf, arguments.books, arguments.many_books)
        else:
            pages = the_usual_pages(shelf, arguments.books)
        measure(pages, arguments)
    print(
        f"Load by {TOOL}, {arguments.connections} connections; {arguments.rounds} interleaved rounds of "
        f"{arguments.seconds:g} s, medians"
        + ("" if arguments.url else f"; gunicorn, {WORKERS} workers, SQLite, {arguments.books:,} books")
    )
    print("\n".join(report(pages)))
    if arguments.json:
        arguments.json.write_text(as_json(pages, arguments) + "\n")


if __name__ == "__main__":
    main()
