"""The command that runs the browser suite as `scripts/test` does, for what runs it to compare or to measure."""

from collections.abc import Sequence
from pathlib import Path


def suite_command(python: str, workers: int, evidence: Path, artifacts: Path, selection: Sequence[str]) -> list[str]:
    """Made for the root of a checkout, whose Python `python` is; an empty selection is all of the suite.

    The evidence goes into one folder, traces and screenshots of what failed into another.
    """
    return [
        *(python, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        *("--numprocesses", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"),
        *("--keep-together", "e2e/tests/cluster", "--recorded-durations", "e2e/durations.json"),
        *("--tracing", "retain-on-failure", "--screenshot", "only-on-failure"),
        *("--output", str(artifacts), "--evidence", str(evidence), *(selection or ["e2e"])),
    ]
