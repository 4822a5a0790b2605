"""What became of a mutant."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """`TIMED_OUT` counts as killed: the tests would have hung."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"


@dataclass(frozen=True)
class MutantFate:
    """`by` is the test that failed first; of a survivor "no test runs it", or nothing."""

    key: str
    fate: Fate
    by: str = ""


NOT_RUN = "no test runs it"
