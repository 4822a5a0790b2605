"""The evidence as one HTML page: self-contained, without scripts, for a screen and for paper."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from cookie_evidence.document import About
from cookie_evidence.matrix import CellState, Column, Matrix, PromiseRow, SeenTest
from cookie_evidence.observer import SeenBrowser
from cookie_evidence.promises import PromiseGroup

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


def page(
    about: About, groups: Sequence[PromiseGroup], matrix: Matrix, tests: Sequence[SeenTest], pictures: Path
) -> str:
    """The whole page; the screenshots in the folder `pictures` go into it."""
    rows = {row.promise.id: row for row in matrix.rows}

    def rows_of(group: PromiseGroup) -> list[PromiseRow]:
        return [rows[promise.id] for promise in group.promises]

    def picture_of(browser: SeenBrowser) -> str | None:
        return _data_address(pictures / browser.screenshot) if browser.screenshot else None

    return _TEMPLATES.get_template("evidence.html").render(
        about=about,
        facts={
            "made": about.made_at,
            "commit": about.commit,
            "command": f"pytest {about.command}",
            **about.engines,
            **about.versions,
            **about.facts,
        },
        engines=sorted({column.engine for column in matrix.columns if column.policy}),
        groups=groups,
        headings=[list(headings(matrix.columns, depth)) for depth in range(3)],
        kept=matrix.states[CellState.KEPT],
        legend={state: text for state, text in MEANINGS.items() if matrix.states[state] or state in _ALWAYS_EXPLAINED},
        matrix=matrix,
        symbols=SYMBOLS,
        tests=sorted(tests, key=lambda test: test.id),
        anchor=anchor,
        picture_of=picture_of,
        rows_of=rows_of,
        sentence_of=sentence_of,
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


def anchor(test: SeenTest) -> str:
    """The fragment of a test's place on the page; the same in every run."""
    return "t" + hashlib.sha256(test.id.encode()).hexdigest()[:12]


def sentence_of(test: SeenTest) -> str:
    """A test's name as the sentence that it is."""
    name, _, parameters = test.id.rpartition("::")[2].partition("[")
    return name.removeprefix("test_").replace("_", " ") + (f" [{parameters}" if parameters else "")


def _data_address(picture: Path) -> str | None:
    if not picture.is_file():
        return None
    return f"data:image/jpeg;base64,{base64.b64encode(picture.read_bytes()).decode()}"
