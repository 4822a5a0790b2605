"""One round after the other: runs the suite under a load, and compares what it found with the round without one."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cookie_evidence.comparison import Difference, differences
from cookie_evidence.document import DOCUMENT
from library_suite.site import CHECKOUT
from library_suite.steady.busy_core import BusyCore
from library_suite.steady.loads import SuiteLoad
from library_suite.suite_command import suite_command

NICER = 10
"""By how much the suite is nicer (`nice`) than what keeps a core busy, which so has most of it."""
_OF_TESTS = {"not run", "promise", "verdict", "test"}
_TOLD = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}


class RoundCutShort(RuntimeError):
    """The suite could not run to its end; the message shows the end of what it said."""


@dataclass(frozen=True)
class Round:
    """What one run of the suite under a load showed."""

    load: SuiteLoad
    tests: int
    verdicts: int
    """Promises in kinds of browsers that were looked at."""
    seconds: float
    busy: float | None
    """How much of its core the busy process had; None without one."""
    changed: tuple[Difference, ...]
    """Verdicts, and ends of tests, that are others than without a load."""
    seen_otherwise: tuple[Difference, ...]
    """Cookies, lines and browsers that are others, where no verdict is: a finding to look at."""

    @property
    def held(self) -> bool:
        """Whether each verdict was that of the round without a load."""
        return not self.changed


def run_round(load: SuiteLoad, folder: Path, selection: Sequence[str], workers: int) -> tuple[float, float | None]:
    """Run the suite under a load, its evidence in a folder; gives back seconds, and the busy process's share.

    Raises `RoundCutShort`, and `NoCoreToSpare` where no core can be taken away.
    """
    start = time.monotonic()
    with _core_taken_away(load) as busy:
        done = subprocess.run(
            command(folder, selection, workers),
            cwd=CHECKOUT,
            env={**os.environ, **load.variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    folder.with_suffix(".log").write_text(done.stdout, encoding="utf-8")
    if done.returncode not in _TOLD or not (folder / DOCUMENT).is_file():
        raise RoundCutShort(f"The suite ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return time.monotonic() - start, busy.share if busy else None


def command(folder: Path, selection: Sequence[str], workers: int) -> list[str]:
    """Run the browser suite, nicer to what takes a core away."""
    suite = suite_command(sys.executable, workers, folder, folder.with_name(f"{folder.name}-browsers"), selection)
    return ["nice", "-n", str(NICER), *suite]


def compare(
    load: SuiteLoad, calm: Mapping[str, Any], seen: Mapping[str, Any], seconds: float, busy: float | None
) -> Round:
    """Say what a round's evidence has that the calm one's has not."""
    found = differences(calm, seen)
    return Round(
        load,
        tests=len(seen["tests"]),
        verdicts=sum(cell["state"] != "not run" for promise in seen["promises"] for cell in promise["cells"]),
        seconds=seconds,
        busy=busy,
        changed=tuple(each for each in found if each.kind in _OF_TESTS),
        seen_otherwise=tuple(each for each in found if each.kind not in _OF_TESTS),
    )


@contextmanager
def _core_taken_away(load: SuiteLoad) -> Iterator[BusyCore | None]:
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(BusyCore()) if load is SuiteLoad.CPU else None
