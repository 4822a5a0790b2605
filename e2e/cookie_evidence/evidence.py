"""The evidence of one run, or of several put together: what was run, what was promised, what was seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from cookie_evidence.matrix import CellState, Matrix, SeenTest, judge
from cookie_evidence.promises import PromiseGroup
from cookie_harness.shards import Shard


class RunEnd(Enum):
    """How a run ended; the value is its name in words."""

    PASSED = "passed"
    FAILED = "failed"
    """By a test, also one that shows no promise, or by a claim that nobody looked at in a run that must be complete."""
    CUT_SHORT = "cut short"
    """By a person, by `--maxfail` or by an error: there are tests that had no turn."""


@dataclass(frozen=True)
class About:
    """What a report is about: all that a reader needs to do the same again."""

    title: str
    made_at: str
    """ISO 8601, in UTC."""
    commit: str
    command: str
    """pytest's arguments."""
    versions: Mapping[str, str]
    engines: Mapping[str, str]
    """Each engine that was run: version, binary, protocol."""
    facts: Mapping[str, str]
    """What the site under test says of itself."""


@dataclass(frozen=True)
class Evidence:
    """All that the report of a run is made of."""

    about: About
    groups: tuple[PromiseGroup, ...]
    engines: tuple[str, ...]
    """Those that the promises are claimed for, whether they were run or not."""
    tests: tuple[SeenTest, ...]
    """In the order of their ids."""
    ended: RunEnd
    shard: Shard | None = None
    """None for a run of everything that was selected."""
    complete: bool = False
    """Whether a claim that no test looked at is a failure."""
    not_run: tuple[str, ...] = ()
    """What is missing from several runs put together, a sentence each."""

    @cached_property
    def matrix(self) -> Matrix:
        """The verdicts."""
        return judge([promise for group in self.groups for promise in group.promises], self.tests, self.engines)

    @property
    def incomplete(self) -> bool:
        """Whether there is a claim that should have been looked at, and was not; another shard may have done so."""
        return self.complete and self.shard is None and bool(self.matrix.open_cells)

    @property
    def shows_all_kept(self) -> bool:
        """Whether everything that was to be run passed, and nothing is missing."""
        broken = self.matrix.states[CellState.BROKEN]
        return self.ended is RunEnd.PASSED and not (broken or self.not_run or self.incomplete)
