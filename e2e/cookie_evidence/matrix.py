"""Judges: from what tests did to the verdict on each promise, in each kind of browser. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from cookie_evidence.observer import SeenBrowser
from cookie_evidence.promises import Promise, SessionLifetime


class CellState(Enum):
    """The verdict in one cell; the value is its name in words, the worst first."""

    BROKEN = "broken"
    """A test of it failed."""
    NOT_RUN = "not run"
    """It is claimed for this kind of browser, and no test looked."""
    SKIPPED = "skipped"
    """Its tests said why they could not look."""
    PARTLY = "partly shown"
    """Some of its tests looked and found it kept, others said why they could not look."""
    KNOWN = "known quirk"
    """An expected failure, written down with its reason; a test that passes all the same fails the run."""
    KEPT = "kept"


@dataclass(frozen=True, order=True)
class Column:
    """One kind of browser at one kind of site. Without an engine: what was asked of the server on the wire."""

    engine: str
    policy: str = ""
    lifetime: str = ""

    @property
    def title(self) -> str:
        """The column in words."""
        return " · ".join(filter(None, (self.engine, self.policy, self.lifetime)))


ON_THE_WIRE = Column("no browser")


@dataclass(frozen=True)
class SeenTest:
    """What became of one test, and what it saw."""

    id: str
    """pytest's."""
    state: CellState
    promises: tuple[str, ...]
    engine: str | None = None
    reason: str = ""
    """Why it was skipped or expected to fail, or the last line of its failure."""
    seconds: float = 0.0
    browsers: tuple[SeenBrowser, ...] = ()
    trace: str | None = None
    """The path of a failed test's trace, from the report's folder."""

    @property
    def file(self) -> str:
        """The file that it is in."""
        return self.id.partition("::")[0]

    @property
    def policies(self) -> set[str]:
        """The cookie policies of the browsers that it opened."""
        return {browser.policy for browser in self.browsers}

    @property
    def lifetimes(self) -> set[str]:
        """The lives that its session cookies were given; empty for a test that saw none."""
        return {lifetime for browser in self.browsers for lifetime in browser.lifetimes}


@dataclass(frozen=True)
class Cell:
    """The verdict on one promise in one column, and the tests that it stands on."""

    column: Column
    state: CellState
    tests: tuple[SeenTest, ...] = ()


@dataclass(frozen=True)
class PromiseRow:
    """One promise and its cells; a column without a cell is one for which nothing is claimed."""

    promise: Promise
    cells: tuple[Cell, ...]

    def cell(self, column: Column) -> Cell | None:
        """The cell in a column."""
        return next((cell for cell in self.cells if cell.column == column), None)


@dataclass(frozen=True)
class Matrix:
    """All rows, and the columns that any of them has a cell in."""

    columns: tuple[Column, ...]
    rows: tuple[PromiseRow, ...]

    @property
    def states(self) -> Counter[CellState]:
        """How many cells have each state."""
        return Counter(cell.state for row in self.rows for cell in row.cells)

    @property
    def open_cells(self) -> list[tuple[Promise, Cell]]:
        """What a complete run must not have: claims that nobody looked at, or that a test only skipped."""
        unsettled = {CellState.NOT_RUN, CellState.SKIPPED, CellState.PARTLY}
        return [(row.promise, cell) for row in self.rows for cell in row.cells if cell.state in unsettled]


def judge(promises: Sequence[Promise], tests: Sequence[SeenTest], engines: Sequence[str]) -> Matrix:
    """Lay the tests out in a matrix. Every promise is claimed for all `engines`, whether they were run or not."""
    rows = tuple(PromiseRow(promise, tuple(_cells(promise, tests, engines))) for promise in promises)
    found = {cell.column for row in rows for cell in row.cells}
    return Matrix(tuple(sorted(found, key=_order)), rows)


def _order(column: Column) -> tuple[bool, str, str, bool]:
    return (column == ON_THE_WIRE, column.engine, column.policy, column.lifetime == SessionLifetime.UNTIL_CLOSE.value)


def _cells(promise: Promise, tests: Sequence[SeenTest], engines: Sequence[str]) -> Iterable[Cell]:
    mine = [test for test in tests if promise.id in test.promises]
    if not promise.policies:
        yield Cell(ON_THE_WIRE, verdict(test.state for test in mine), tuple(mine))
        return
    for engine in engines:
        here = [test for test in mine if test.engine in {engine, None}]
        for policy, lifetime in claimed_pairs(promise, here):
            shown = tuple(test for test in here if shows(test, promise, policy, lifetime))
            yield Cell(Column(engine, policy, lifetime), verdict(test.state for test in shown), shown)


def claimed_pairs(promise: Promise, tests: Sequence[SeenTest]) -> list[tuple[str, str]]:
    """The pairs of policy and lifetime that were looked at; and each claimed policy or lifetime that was not, once."""
    claimed, lives = [each.value for each in promise.policies], [each.value for each in promise.lifetimes]
    every = [(policy, lifetime) for policy in claimed for lifetime in lives]
    seen = [pair for pair in every if any(shows(test, promise, *pair) for test in tests)]
    policies, lifetimes = {policy for policy, _ in seen}, {lifetime for _, lifetime in seen}
    unseen = [(policy, lives[0]) for policy in claimed if policy not in policies]
    unseen += [(claimed[0], lifetime) for lifetime in lives if lifetime not in lifetimes]
    return list(dict.fromkeys([*seen, *unseen]))


def shows(test: SeenTest, promise: Promise, policy: str, lifetime: str) -> bool:
    """Whether a test counts for a policy and a lifetime.

    What it opened decides, not what it says of itself: a pass without such a browser shows nothing. A test that failed
    or skipped before it opened one counts for all that its promise claims; one that saw no session
    cookie counts for each lifetime.
    """
    if not test.browsers:
        return test.state is not CellState.KEPT
    if policy not in test.policies:
        return False
    seen = test.lifetimes & {each.value for each in promise.lifetimes}
    return not seen or lifetime in seen


def verdict(states: Iterable[CellState]) -> CellState:
    """One state for several tests: the worst counts, but for tests that skipped beside others that looked."""
    found = set(states)
    if not found:
        return CellState.NOT_RUN
    if CellState.SKIPPED in found and found & {CellState.KEPT, CellState.KNOWN} and CellState.BROKEN not in found:
        return CellState.PARTLY
    return next(state for state in CellState if state in found)
