"""What a run says about a fault: pure functions from its outcomes to a verdict."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cookie_harness import ServerFailed
from library_suite.mutation.faults import Fault
from library_suite.mutation.runs import PytestRun

FINISHED = (0, 1)
"""The exit codes of a run that came to its end: all passed, some failed."""

_BREAKAGE = re.compile(
    rf"(?:\w+\.)*(?:{ServerFailed.__name__}|SyntaxError|IndentationError|ImportError|ModuleNotFoundError|NameError)\b"
    r"|Failed: Timeout|[\w.]*TimeoutError: Page\.goto"
)
"""Failures that say only that the site does not run, which a compiler would see too, or that it was too slow."""


class FaultVerdict(StrEnum):
    """What became of a fault."""

    CAUGHT = "caught"
    NOT_CAUGHT = "not caught"
    DOES_NOT_APPLY = "does not apply"
    FAILED_BEFORE = "failed before the fault"
    BROKE_THE_RUN = "broke the run"


@dataclass(frozen=True)
class Judgement:
    """A verdict and what it rests on. `seconds` is how long copying and testing took."""

    fault: Fault
    verdict: FaultVerdict
    detail: str = ""
    seconds: float = 0.0


def judge(fault: Fault, runs: Sequence[PytestRun]) -> tuple[FaultVerdict, str]:
    """Judge the runs with a fault in place. It is caught if each of its tests failed, and not merely broke."""
    outcomes = [outcome for run in runs for outcome in run.outcomes]
    broken = [run.output for run in runs if run.exit_code not in FINISHED]
    if broken:
        return FaultVerdict.BROKE_THE_RUN, last_line_of(broken[0])
    reasons = []
    for test in fault.tests:
        own = [outcome for outcome in outcomes if outcome.is_of(test)]
        if failed := [outcome for outcome in own if outcome.word == "FAILED" and not _BREAKAGE.match(outcome.reason)]:
            reasons.append(failed[0].reason)
        elif bad := [outcome for outcome in own if outcome.word in {"FAILED", "ERROR"}]:
            return FaultVerdict.BROKE_THE_RUN, f"{bad[0].word} {test}: {bad[0].reason}"
        else:
            return FaultVerdict.NOT_CAUGHT, f"{test} did not see it"
    return FaultVerdict.CAUGHT, "; ".join(reasons)


def not_passing(tests: Iterable[str], run: PytestRun) -> dict[str, str]:
    """Those of the tests that failed in a run of the clean tree, or were not found there, each with the reason."""
    faulty = {}
    for test in tests:
        own = [outcome for outcome in run.outcomes if outcome.is_of(test)]
        bad = [outcome for outcome in own if outcome.word in {"FAILED", "ERROR", "XPASS"}]
        if bad:
            faulty[test] = f"{bad[0].word} {bad[0].reason}".strip()
        elif not any(outcome.word == "PASSED" for outcome in own):
            faulty[test] = f"did not run ({last_line_of(run.output)})"
    return faulty


def last_line_of(output: str) -> str:
    """The last line that says anything."""
    return next((line for line in reversed(output.splitlines()) if line.strip()), "")
