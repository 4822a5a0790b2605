"""One run of pytest in a tree of its own, and what it says of each test."""

import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

# Characters that pytest may use for the summary's lines: it cuts the reasons to them.
WIDTH = "500"
# The tested tree itself says where its modules and settings are.
_OURS = ("PYTHONPATH", "DJANGO_SETTINGS_MODULE")
_NOT_FOUND = re.compile(r"^ERROR: not found: (.+)$", re.MULTILINE)
_WORDS = ("PASSED", "FAILED", "ERROR", "XFAIL", "XPASS", "SKIPPED")


@dataclass(frozen=True)
class SummaryLine:
    """What became of one test, in pytest's own word. `reason` is the first line of a failure; "" for none."""

    word: str
    test: str
    reason: str

    def is_of(self, test: str) -> bool:
        """Whether it is that of a test, or of one of its parameter sets."""
        return self.test == test or self.test.startswith(f"{test}[")


@dataclass(frozen=True)
class PytestRun:
    """A run's exit code (docs.pytest.org/en/stable/reference/exit-codes.html), its outcomes and all that it printed."""

    exit_code: int
    outcomes: tuple[SummaryLine, ...]
    output: str


def run_tests(tree: Path, tests: Iterable[str], *, engine: str, scratch: Path) -> PytestRun:
    """Run tests in a tree, with this process's own Python; `scratch` is for their temporary files."""
    command = [sys.executable, "-m", "pytest", "-q", "-rfEpsxX", "--color=no", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, f"--basetemp={scratch}", "--browser", engine, *tests],
        cwd=tree,
        env=environment_of(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return PytestRun(done.returncode, tuple(outcomes_in(done.stdout)), done.stdout)


def run_known_tests(tree: Path, tests: Collection[str], *, engine: str, scratch: Path) -> PytestRun:
    """As `run_tests`; but where pytest finds some of them nowhere, and so would run none, the others run."""
    run = run_tests(tree, tests, engine=engine, scratch=scratch)
    missing = tuple(f"/{name}" for name in _NOT_FOUND.findall(run.output))
    known = [test for test in tests if not any(name.endswith(f"/{test.partition('[')[0]}") for name in missing)]
    return run_tests(tree, known, engine=engine, scratch=scratch) if missing and known else run


def environment_of(ours: Mapping[str, str]) -> dict[str, str]:
    """The variables of a run: nothing that leads it back to this tree, or to a run of pytest around this one."""
    kept = {name: value for name, value in ours.items() if name not in _OURS and not name.startswith("PYTEST_")}
    return kept | {"COLUMNS": WIDTH}


def outcomes_in(output: str) -> Iterable[SummaryLine]:
    """Read the short summary at the end of pytest's output."""
    for line in output.rpartition(" short test summary info ")[2].splitlines():
        word, _space, rest = line.partition(" ")
        if word in _WORDS:
            test, _dash, reason = rest.partition(" - ")
            yield SummaryLine(word, test, reason)
