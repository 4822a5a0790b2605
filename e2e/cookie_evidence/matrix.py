"""Judges: from what tests did to the verdict on each promise, in each kind of browser. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from cookie_evidence.observer import SeenBrowser
from cookie_evidence.promises import Promise, SessionLifetime


class State(Enum):
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
class Outcome:
    """What became of one test, and what it saw."""

    test: str
    """pytest's id."""
    state: State
    promises: tuple[str, ...]
    engine: str | None = None
    reason: str = ""
    """Why it was skipped or expected to fail, or the last line of its failure."""
    seconds: float = 0.0
    browsers: tuple[SeenBrowser, ...] = ()
    trace: str | None = None
    """The path of a failed test's trace, from the report's folder."""

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
    state: State
    tests: tuple[Outcome, ...] = ()


@dataclass(frozen=True)
class Row:
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
    rows: tuple[Row, ...]

    @property
    def states(self) -> Counter[State]:
        """How many cells have each state."""
        return Counter(cell.state for row in self.rows for cell in row.cells)

    @property
    def open_cells(self) -> list[tuple[Promise, Cell]]:
        """What a complete run must not have: claims that nobody looked at, or that a test only skipped."""
        unsettled = {State.NOT_RUN, State.SKIPPED, State.PARTLY}
        return [(row.promise, cell) for row in self.rows for cell in row.cells if cell.state in unsettled]


def judge(promises: Sequence[Promise], outcomes: Sequence[Outcome], engines: Sequence[str]) -> Matrix:
    """Lay the outcomes out in a matrix. Every promise is claimed for all `engines`, whether they were run or not."""
    rows = tuple(Row(promise, tuple(_cells(promise, outcomes, engines))) for promise in promises)
    found = {cell.column for row in rows for cell in row.cells}
    return Matrix(tuple(sorted(found, key=_order)), rows)


def _order(column: Column) -> tuple[bool, str, str, bool]:
    return (column == ON_THE_WIRE, column.engine, column.policy, column.lifetime == SessionLifetime.UNTIL_CLOSE.value)


def _cells(promise: Promise, outcomes: Sequence[Outcome], engines: Sequence[str]) -> Iterable[Cell]:
    mine = [outcome for outcome in outcomes if promise.id in outcome.promises]
    if not promise.policies:
        yield Cell(ON_THE_WIRE, verdict(outcome.state for outcome in mine), tuple(mine))
        return
    for engine in engines:
        here = [outcome for outcome in mine if outcome.engine in {engine, None}]
        for policy, lifetime in claimed_pairs(promise, here):
            shown = tuple(outcome for outcome in here if shows(outcome, promise, policy, lifetime))
            yield Cell(Column(engine, policy, lifetime), verdict(outcome.state for outcome in shown), shown)


def claimed_pairs(promise: Promise, outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    """The pairs of policy and lifetime that were looked at; and each claimed policy or lifetime that was not, once."""
    claimed, lives = [each.value for each in promise.policies], [each.value for each in promise.lifetimes]
    every = [(policy, lifetime) for policy in claimed for lifetime in lives]
    seen = [pair for pair in every if any(shows(outcome, promise, *pair) for outcome in outcomes)]
    policies, lifetimes = {policy for policy, _ in seen}, {lifetime for _, lifetime in seen}
    unseen = [(policy, lives[0]) for policy in claimed if policy not in policies]
    unseen += [(claimed[0], lifetime) for lifetime in lives if lifetime not in lifetimes]
    return list(dict.fromkeys([*seen, *unseen]))


def shows(outcome: Outcome, promise: Promise, policy: str, lifetime: str) -> bool:
    """Whether a test speaks of a policy and a lifetime.

    What it opened decides, not what it says of itself: a pass without such a browser shows nothing. A test that failed
    or skipped before it opened one speaks of all that its promise claims; one that saw no session cookie speaks of each
    lifetime.
    """
    if not outcome.browsers:
        return outcome.state is not State.KEPT
    if policy not in outcome.policies:
        return False
    seen = outcome.lifetimes & {each.value for each in promise.lifetimes}
    return not seen or lifetime in seen


def verdict(states: Iterable[State]) -> State:
    """One state for several tests: the worst counts, but for tests that skipped beside others that looked."""
    found = set(states)
    if not found:
        return State.NOT_RUN
    if State.SKIPPED in found and found & {State.KEPT, State.KNOWN} and State.BROKEN not in found:
        return State.PARTLY
    return next(state for state in State if state in found)
