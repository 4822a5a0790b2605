"""The first lines of the page, for a reader who is no engineer: what was promised, where it was seen, what was not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cookie_evidence.evidence import Evidence, RunEnd
from cookie_evidence.matrix import ON_THE_WIRE, Cell, CellState, PromiseRow, SeenTest
from cookie_evidence.promises import Promise, PromiseGroup
from cookie_harness.policies import CookiePolicy

_UNSEEN = {CellState.NOT_RUN, CellState.SKIPPED, CellState.PARTLY}
_POLICIES = {
    CookiePolicy.ACCEPT.value: "accept cookies",
    CookiePolicy.BLOCK.value: "block all of them",
    CookiePolicy.BLOCK_THIRD_PARTY.value: "block those of third parties",
    CookiePolicy.CLEAR_ON_EXIT.value: "clear them when it is closed",
}


@dataclass(frozen=True)
class Tally:
    """What became of one group's promises in one engine."""

    promised: int
    kept: int
    state: CellState
    """The worst of them."""

    @property
    def words(self) -> str:
        """Such as "all 12", or "11 of 12"."""
        return f"all {self.promised}" if self.kept == self.promised else f"{self.kept} of {self.promised}"


@dataclass(frozen=True)
class NotedPromise:
    """A promise of which something else is to be said than that it was kept."""

    promise: Promise
    state: CellState
    places: tuple[str, ...]
    """Kinds of browsers."""
    tests: tuple[SeenTest, ...]
    """Those that did not simply pass."""

    @property
    def reasons(self) -> list[str]:
        """What the tests say of it."""
        return list(dict.fromkeys(test.reason for test in self.tests if test.reason))


@dataclass(frozen=True)
class PlainSummary:
    """What a reader should know first."""

    verdict: str
    state: CellState
    """The worst of all; "kept" only if nothing is missing."""
    browsers: str
    policies: str
    engines: tuple[str, ...]
    """The columns of the table, the last for what needs no browser, if something does not."""
    tallies: tuple[tuple[PromiseGroup, tuple[Tally | None, ...]], ...]
    """A row for each group; None where it promises nothing."""
    broken: tuple[NotedPromise, ...]
    exceptions: tuple[NotedPromise, ...]
    unseen: tuple[NotedPromise, ...]
    """But for what was not seen because its whole engine was not run."""
    missing: tuple[str, ...]
    """Whole parts that were not run, or that this page can't show; a sentence each."""


def summary_of(evidence: Evidence) -> PlainSummary:
    """Say in short what the evidence shows."""
    rows = evidence.matrix.rows
    engines = list(dict.fromkeys(column.engine for column in evidence.matrix.columns))
    states = [worst(row.cells) for row in rows]
    missing = tuple(_missing(evidence))
    return PlainSummary(
        verdict=_verdict(states),
        state=min([*states, *([CellState.NOT_RUN] if missing or not states else [])], key=_rank),
        browsers=_browsers(evidence),
        policies=_policies(evidence),
        engines=tuple(engines),
        tallies=tuple((group, tuple(_tally(group, rows, engine) for engine in engines)) for group in evidence.groups),
        broken=_noted(rows, {CellState.BROKEN}),
        exceptions=_noted(rows, {CellState.KNOWN}),
        unseen=_noted(rows, _UNSEEN, but=_engines_not_run(evidence)),
        missing=missing,
    )


def worst(cells: Iterable[Cell]) -> CellState:
    """The worst state of several cells."""
    return min((cell.state for cell in cells), key=_rank, default=CellState.NOT_RUN)


def _rank(state: CellState) -> int:
    return list(CellState).index(state)


def _verdict(states: Sequence[CellState]) -> str:
    broken, known = states.count(CellState.BROKEN), states.count(CellState.KNOWN)
    unseen = sum(state in _UNSEEN for state in states)
    kept = len(states) - broken - known - unseen
    these = "All of them were" if kept == len(states) else f"{kept} of them {'was' if kept == 1 else 'were'}"
    said = [f"{len(states)} promises were made. {these} seen to be kept."]
    if broken:
        said.append(f"{broken} {'was' if broken == 1 else 'were'} broken.")
    if unseen:
        said.append(f"{unseen} {'was' if unseen == 1 else 'were'} not looked at, or not everywhere.")
    if known:
        said.append(f"{known} {'does' if known == 1 else 'do'} not hold everywhere, for a reason that is known.")
    return " ".join(said)


def _browsers(evidence: Evidence) -> str:
    """Such as "Chromium 156.0 and Firefox 153.7, on 25 November 2026"."""
    made = datetime.fromisoformat(evidence.about.made_at)
    names = [text.partition(",")[0].capitalize() for text in evidence.about.engines.values()]
    return f"{' and '.join(names) or 'no browser'}, on {made.day} {made:%B %Y}"


def _policies(evidence: Evidence) -> str:
    """What the browsers were set to, in the order of the policies."""
    seen = {browser.policy for test in evidence.tests for browser in test.browsers}
    words = [text for policy, text in _POLICIES.items() if policy in seen]
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)


def _tally(group: PromiseGroup, rows: Sequence[PromiseRow], engine: str) -> Tally | None:
    mine = [row.cells for row in rows if row.promise in group.promises]
    here = [[cell for cell in cells if cell.column.engine == engine] for cells in mine]
    states = [worst(cells) for cells in here if cells]
    if not states:
        return None
    return Tally(len(states), states.count(CellState.KEPT), min(states, key=_rank))


def _noted(
    rows: Sequence[PromiseRow], states: set[CellState], but: frozenset[str] = frozenset()
) -> tuple[NotedPromise, ...]:
    found = []
    for row in rows:
        if cells := [cell for cell in row.cells if cell.state in states and cell.column.engine not in but]:
            tests = {test.id: test for cell in cells for test in cell.tests if test.state is not CellState.KEPT}
            places = tuple(cell.column.title for cell in cells if cell.column != ON_THE_WIRE)
            found.append(NotedPromise(row.promise, worst(cells), places, tuple(tests.values())))
    return tuple(found)


def _engines_not_run(evidence: Evidence) -> frozenset[str]:
    return frozenset(evidence.engines) - set(evidence.about.engines)


def _missing(evidence: Evidence) -> Iterable[str]:
    if shard := evidence.shard:
        yield f"This is shard {shard.index} of {shard.of}: what the others have seen is not on this page."
    if evidence.ended is RunEnd.CUT_SHORT:
        yield "The run was cut short: some of its tests had no turn."
    for name in sorted(_engines_not_run(evidence)):
        yield f"{name.capitalize()} was not run."
    for sentence in evidence.not_run:
        yield f"Not run: {sentence}."
    told = evidence.not_run or evidence.incomplete or evidence.matrix.states[CellState.BROKEN]
    if evidence.ended is RunEnd.FAILED and not told:
        yield "The run failed by something that is not on this page, such as a test that shows no promise."
