"""The evidence as HTML, without scripts, for a screen and for paper.

One page, and beside it one for each file of tests, so that the first opens at once, however much was tested; or one
page with everything in it.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from cookie_evidence.evidence import Evidence
from cookie_evidence.matrix import CellState, Column, PromiseRow, SeenTest
from cookie_evidence.observer import SeenBrowser
from cookie_evidence.promises import PromiseGroup
from cookie_evidence.summary import summary_of

PICTURES = "pictures"
"""The folder of the screenshots, in the evidence's own."""
TESTS = "tests"
"""The folder of the pages that say what each test saw."""

SYMBOLS = {
    CellState.KEPT: "✓",
    CellState.BROKEN: "✗",
    CellState.KNOWN: "≈",
    CellState.PARTLY: "◐",
    CellState.SKIPPED: "–",
    CellState.NOT_RUN: "○",
}
MEANINGS = {
    CellState.KEPT: "every test of it passed",
    CellState.BROKEN: "a test of it failed",
    CellState.KNOWN: "an expected failure, with its reason",
    CellState.PARTLY: "some tests looked, others said why they could not",
    CellState.SKIPPED: "its tests said why they could not look",
    CellState.NOT_RUN: "claimed, and nobody looked",
}
_ALWAYS_EXPLAINED = {CellState.KEPT, CellState.BROKEN, CellState.NOT_RUN}

_TEMPLATES = Environment(
    loader=PackageLoader("cookie_evidence"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Addresses:
    """Where one of the pages finds what it leads to."""

    folder: Path
    """The report's."""
    single: bool = False
    """Whether there is one page alone, with the pictures in it."""
    within: bool = False
    """Whether the page that links is in the folder `TESTS`."""

    @property
    def _up(self) -> str:
        return "../" if self.within else ""

    def test(self, test: SeenTest) -> str:
        """What a test saw."""
        return f"#{anchor(test)}" if self.single else f"{self._up}{file_of(test.file)}#{anchor(test)}"

    def place(self, fragment: str) -> str:
        """A place on the page of the promises, such as the row of one of them."""
        return f"{self._up}index.html#{fragment}" if self.within else f"#{fragment}"

    def picture(self, browser: SeenBrowser) -> str | None:
        """The screenshot of a browser, if there is one."""
        picture = self.folder / PICTURES / browser.screenshot if browser.screenshot else None
        if picture is None or not picture.is_file():
            return None
        if self.single:
            return f"data:image/jpeg;base64,{base64.b64encode(picture.read_bytes()).decode()}"
        return f"{self._up}{PICTURES}/{picture.name}"

    def trace(self, test: SeenTest) -> str:
        """The trace of a test that has one."""
        return f"{self._up}{test.trace}"


def one_page(evidence: Evidence, folder: Path) -> str:
    """Everything as one page; the screenshots in the report's folder go into it."""
    return _page(evidence, Addresses(folder, single=True))


def pages(evidence: Evidence, folder: Path) -> dict[str, str]:
    """The page, and one for each file of tests, by their paths from the report's folder."""
    return {"index.html": _page(evidence, Addresses(folder))} | {
        file_of(file): _TEMPLATES.get_template("tests.html").render(
            addresses=Addresses(folder, within=True), title=evidence.about.title, file=file, tests=tests
        )
        for file, tests in by_file(evidence.tests)
    }


def _page(evidence: Evidence, addresses: Addresses) -> str:
    about, matrix = evidence.about, evidence.matrix
    rows = {row.promise.id: row for row in matrix.rows}

    def rows_of(group: PromiseGroup) -> list[PromiseRow]:
        return [rows[promise.id] for promise in group.promises]

    return _TEMPLATES.get_template("evidence.html").render(
        about=about,
        addresses=addresses,
        facts={
            "made": about.made_at,
            "commit": about.commit,
            "command": f"pytest {about.command}",
            **about.engines,
            **about.versions,
            **about.facts,
        },
        files=by_file(evidence.tests),
        groups=evidence.groups,
        headings=[list(headings(matrix.columns, depth)) for depth in range(3)],
        legend={state: text for state, text in MEANINGS.items() if matrix.states[state] or state in _ALWAYS_EXPLAINED},
        matrix=matrix,
        summary=summary_of(evidence),
        tests=evidence.tests,
        file_of=file_of,
        rows_of=rows_of,
        states_of=states_of,
        worst_first=worst_first,
    )


def headings(columns: Sequence[Column], depth: int) -> Iterable[tuple[str, int]]:
    """One line of headings, of engine, policy and lifetime; with how many columns each has: equal neighbours share."""
    parts = [(column.engine, column.policy, column.lifetime)[: depth + 1] for column in columns]
    return ((path[-1], len(list(same))) for path, same in groupby(parts))


def worst_first(tests: Sequence[SeenTest]) -> list[SeenTest]:
    """The tests of a cell, with the one in front that the cell's state comes from."""
    worst = min(tests, key=lambda test: list(CellState).index(test.state))
    return [worst, *(test for test in tests if test is not worst)]


def by_file(tests: Iterable[SeenTest]) -> list[tuple[str, list[SeenTest]]]:
    """The tests of each file, in the order of the files' names."""
    return [(file, list(mine)) for file, mine in groupby(tests, key=lambda test: test.file)]


def states_of(tests: Iterable[SeenTest]) -> dict[CellState, int]:
    """How many of some tests ended how, the worst first."""
    found = [test.state for test in tests]
    return {state: found.count(state) for state in CellState if state in found}


def file_of(file: str) -> str:
    """The page that says what the tests of a file saw, by its path from the report's folder."""
    return f"{TESTS}/{re.sub(r'[^a-zA-Z0-9_]+', '-', file.removesuffix('.py'))}.html"


def anchor(test: SeenTest) -> str:
    """The fragment of a test's place on its page; the same in every run."""
    return "t" + digest_of(test.id)


def digest_of(text: str) -> str:
    """Twelve hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def sentence_of(test: SeenTest) -> str:
    """A test's name as the sentence that it is."""
    name, _, parameters = test.id.partition("::")[2].partition("[")
    return name.rpartition("::")[2].removeprefix("test_").replace("_", " ") + (f" [{parameters}" if parameters else "")


_TEMPLATES.globals |= {"symbols": SYMBOLS, "anchor": anchor, "sentence_of": sentence_of}
