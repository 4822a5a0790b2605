"""The gate, seen from outside: every page of the site, in every state of consent, in both engines.

After the walk the jar holds exactly what this state allows, each cookie as it is declared; on the way no response
carried a `Set-Cookie` for anything else, nothing was stored elsewhere, and no other host was asked.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Request, Response

from cookie_audit.declared import Declared, read_declared
from cookie_harness import CookiePolicy, Engine, set_cookie_lines
from library_suite.choices import alter_choice
from library_suite.cookie_names import CHOICE, CSRF, SESSION, STATISTICS, without_newcomers
from library_suite.crawl import crawl
from library_suite.fixtures import NewcomerFactory
from library_suite.site import Site
from library_suite.visitor import Visitor
from library_suite.wire import connection_to

DOCS_PAGE = Path(__file__).resolve().parents[2] / "docs" / "consent-gate.md"
NAMES = re.compile(r"`(\w+)`")
TABLE = Path(__file__).resolve().parents[2] / "build" / "consent-matrix"
STORES = "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
NECESSARY_BESIDE_A_SESSION = {CHOICE, SESSION, CSRF}
PREFERENCES = {"page_size"}
"""Of the preferences, what a walk without forms stores."""


@dataclass(frozen=True)
class ConsentState:
    """How a visitor got into a state, and what of the known cookies their jar holds after a walk through the site."""

    name: str
    enter: Callable[[Visitor, Declared], None]
    jar: set[str]
    granted: set[str] = field(default_factory=set)
    cookies: CookiePolicy = CookiePolicy.ACCEPT
    gpc: bool = False


def nothing(visitor: Visitor, declared: Declared) -> None:
    """Do not answer."""


def answer_in_vain(visitor: Visitor, declared: Declared) -> None:
    """Accept, in a browser that keeps no cookies."""
    visitor.open()
    visitor.answer_banner("Accept all")


def withdraw(visitor: Visitor, declared: Declared) -> None:
    """Allow everything, use it, and take it back."""
    visitor.consent()
    visitor.open("/books/?per_page=10")
    visitor.open("/accounts/sign-in/")
    visitor.open()
    visitor.open("/accounts/sign-in/")
    assert visitor.known_cookies() == NECESSARY_BESIDE_A_SESSION | STATISTICS | PREFERENCES
    visitor.page.get_by_role("button", name="Withdraw my consent").click()
    visitor.page.get_by_test_id("choice-kept").wait_for()


def grow_stale(visitor: Visitor, declared: Declared) -> None:
    """Allow everything, as it was before the declarations for statistics changed."""
    visitor.consent()
    visitor.open()
    alter_choice(visitor, lambda text: text.replace(declared.fingerprints["statistics"], "0" * 12))


STATES = [
    pytest.param(ConsentState("undecided", nothing, set()), id="undecided", marks=pytest.mark.promise("C7")),
    pytest.param(
        ConsentState("refused", lambda visitor, _: visitor.refuse(), {CHOICE}),
        id="refused",
        marks=pytest.mark.promise("C8"),
    ),
    pytest.param(
        ConsentState(
            "all granted",
            lambda visitor, _: visitor.consent(),
            NECESSARY_BESIDE_A_SESSION | STATISTICS | PREFERENCES,
            {"preferences", "statistics", "personalisation"},
        ),
        id="all-granted",
        marks=pytest.mark.promise("C9"),
    ),
    pytest.param(
        ConsentState(
            "preferences alone",
            lambda visitor, _: visitor.consent("preferences"),
            {CHOICE} | PREFERENCES,
            {"preferences"},
        ),
        id="preferences-alone",
        marks=pytest.mark.promise("C10"),
    ),
    pytest.param(ConsentState("withdrawn", withdraw, {CHOICE}), id="withdrawn", marks=pytest.mark.promise("C11")),
    pytest.param(ConsentState("GPC", nothing, set(), gpc=True), id="GPC", marks=pytest.mark.promise("C12")),
    pytest.param(
        ConsentState("stale", grow_stale, NECESSARY_BESIDE_A_SESSION | PREFERENCES, {"preferences", "personalisation"}),
        id="stale",
        marks=pytest.mark.promise("C13"),
    ),
    pytest.param(
        ConsentState("blocked", answer_in_vain, set(), cookies=CookiePolicy.BLOCK),
        id="blocked",
        marks=pytest.mark.promise("C14"),
    ),
]


@dataclass
class Walk:
    """What was seen on the way."""

    pages: int = 0
    asked: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    assets: set[str] = field(default_factory=set)
    set_cookies: dict[str, set[str]] = field(default_factory=dict)
    """Names of cookies that were set, each with the addresses that did; deletions are left out."""

    def note_request(self, request: Request) -> None:
        self.asked.append(request.url)

    def note_response(self, response: Response) -> None:
        self.responses.append(response)

    def look_at_responses(self) -> None:
        """Read the headers of what came since the last look; of an asset, whose name changes with it, once."""
        for response in self.responses:
            if response.url in self.assets:
                continue
            if "/static/" in response.url:
                self.assets.add(response.url)
            for line in set_cookie_lines(response):
                if "max-age=0" not in line.lower():
                    self.set_cookies.setdefault(line.partition("=")[0], set()).add(response.url)
        self.responses.clear()


@pytest.fixture(scope="module")
def pages(library: Site) -> list[str]:
    # Not the documents for tools: Firefox shows JSON in a page of its own. The test below asks for them too.
    found = [path for path in crawl(library.url) if not path.endswith(".json")]
    assert len(found) > 20, "the crawl has lost its way"
    return found


@pytest.fixture(scope="module")
def declared(library: Site) -> Declared:
    return read_declared(library.url)


@pytest.mark.promise("H6")
@pytest.mark.parametrize("state", STATES)
def test_a_walk_through_every_page_leaves_exactly_what_was_allowed(
    newcomer: NewcomerFactory, engine: Engine, pages: list[str], declared: Declared, state: ConsentState
) -> None:
    visitor = newcomer(cookies=state.cookies, gpc=state.gpc, consents=False)
    state.enter(visitor, declared)
    walk = walk_through(visitor, pages)
    if state.cookies is CookiePolicy.ACCEPT:  # where cookies are blocked, asking for the stores raises an error
        assert visitor.page.evaluate(STORES) == [0, 0, 0]
    allowed = {"necessary"} | state.granted
    jar = visitor.jar()
    # Where nothing is stored, nothing new may be either: not even what is necessary.
    assert without_newcomers(jar, declared, allowed if state.jar else ()) == state.jar
    now = time.time()
    kept = [(declared.find(name), cookie) for name, cookie in jar.items()]
    assert [fault for each, cookie in kept if each for fault in each.faults_of(cookie, now)] == []
    assert {
        name: purpose for name, purpose in declared.purposes_of(walk.set_cookies).items() if purpose not in allowed
    } == {}
    if not state.jar:
        assert walk.set_cookies == {}
    assert [url for url in walk.asked if not url.startswith(visitor.address)] == []
    write_down(state, engine, walk, sorted(jar))


def walk_through(visitor: Visitor, pages: list[str]) -> Walk:
    """Open every page, and look at what each response sets."""
    walk = Walk()
    visitor.page.on("request", walk.note_request)
    visitor.page.on("response", walk.note_response)
    for path in (*pages, "/accounts/sign-in/"):  # once more, with the session that the home page may have made
        assert visitor.open(path).status < HTTPStatus.INTERNAL_SERVER_ERROR, path
        walk.look_at_responses()
        walk.pages += 1
    return walk


def write_down(state: ConsentState, engine: Engine, walk: Walk, jar: list[str]) -> None:
    """Keep what the table in docs/consent-gate.md says."""
    TABLE.mkdir(parents=True, exist_ok=True)
    seen = {"pages": walk.pages, "requests": len(walk.asked), "set": sorted(walk.set_cookies), "jar": jar}
    (TABLE / f"{engine.name} {state.name}.json").write_text(json.dumps(seen, indent=2), encoding="utf-8")


@pytest.mark.promise("H6")
def test_the_table_in_the_docs_says_what_each_state_leaves() -> None:
    part = DOCS_PAGE.read_text(encoding="utf-8").partition("## What both browsers end up with")[2]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")][1:]
    for (name, is_set, jar), param in zip(rows, STATES, strict=True):
        state = param.values[0]
        assert isinstance(state, ConsentState)
        expected = {each.removeprefix("__Host-") for each in state.jar}
        names = set(NAMES.findall(is_set))
        assert names == expected - {"cookie_choice"}, f"{DOCS_PAGE}: what {name} sets"
        kept = set(NAMES.findall(jar)) | (names if jar.startswith("th") else set())  # "those and", "that and"
        assert kept == expected, f"{DOCS_PAGE}: the jar of {name}"


@pytest.mark.promise("C19")
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def test_a_first_request_with_any_method_sets_no_cookie_on_any_page(
    library: Site, pages: list[str], method: str
) -> None:
    """On the wire, without a browser."""
    set_by = {}
    documents = ("/cookies.json", "/.well-known/gpc.json", "/cookies/receipt.json", "/cookies/banner/")
    for path in (*pages, *documents, "/cookies/kept/", "/favicon.ico"):
        connection = connection_to(library.url)
        connection.request(method, path)
        answer = connection.getresponse()
        assert answer.status < HTTPStatus.INTERNAL_SERVER_ERROR, path
        if lines := answer.headers.get_all("Set-Cookie"):
            set_by[path] = lines
        connection.close()
    assert set_by == {}
