"""Faults as files: what is wrong in words, which tests should see it, and the patch that puts it in.

A file `NN-name.patch` begins with one sentence; then come, one to a line, `Tests:` with the id of a pytest test (of one
parameter set, or of all), and where it has to be another engine than Chromium, `Engine: firefox`; then what `git diff`
wrote.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("e2e/faults")
"""Where a project keeps them, from its root."""

BROWSER_SUITE = "e2e/"
_NAME = re.compile(r"(?P<number>[0-9]{2,3})-[a-z0-9]+(?:-[a-z0-9]+)*\.patch")
_TEST = re.compile(r"[\w/]+\.py::test_\w+(?:\[.+\])?")
_ENGINES = ("chromium", "firefox")


class NotAFault(ValueError):
    """A file that does not read as the module says; the message names it."""


@dataclass(frozen=True)
class Fault:
    """One fault. `tests` are pytest's ids; `engine` drives those that need a browser."""

    number: int
    name: str
    """The file's name without its ending: "07-purpose-by-substring"."""
    sentence: str
    tests: tuple[str, ...]
    engine: str
    patch: str

    @property
    def changed_lines(self) -> int:
        """Lines that the patch takes out or puts in."""
        lines = self.patch.splitlines()
        return sum(line.startswith(("+", "-")) and not line.startswith(("+++ ", "--- ")) for line in lines)

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The tests that can run in one process, those of the browser suite first."""
        suites: dict[str, list[str]] = {}
        for test in sorted(self.tests, key=needs_browser, reverse=True):
            suites.setdefault(suite_of(test), []).append(test)
        return tuple(tuple(suite) for suite in suites.values())


def suite_of(test: str) -> str:
    """The folder that a test's suite is in. Those of two apps may have two projects, and a process has one."""
    return BROWSER_SUITE if needs_browser(test) else test.partition("/tests/")[0]


def needs_browser(test: str) -> bool:
    """Whether a test is one of the browser suite."""
    return test.startswith(BROWSER_SUITE)


def read_faults(folder: Path) -> list[Fault]:
    """All faults of a folder, by number. Raises `NotAFault`."""
    return sorted((read_fault(path) for path in folder.glob("*.patch")), key=lambda fault: fault.number)


def read_fault(path: Path) -> Fault:
    """Read one file. Raises `NotAFault`."""
    name = _NAME.fullmatch(path.name)
    if name is None:
        raise NotAFault(f"{path.name} is not called NN-name.patch")
    header, begins, diff = path.read_text(encoding="utf-8").partition("diff --git ")
    if not begins:
        raise NotAFault(f"{path.name} holds no patch")
    sentence, *lines = [line for line in header.splitlines() if line.strip()] or [""]
    fields = [line.partition(": ") for line in lines]
    tests = tuple(value for key, _colon, value in fields if key == "Tests")
    engines = [value for key, _colon, value in fields if key == "Engine"] or [_ENGINES[0]]
    if any(key not in {"Tests", "Engine"} for key, _colon, _value in fields):
        raise NotAFault(f"{path.name} says something else than Tests and Engine")
    if not sentence.endswith("."):
        raise NotAFault(f"{path.name} does not begin with a sentence")
    if not tests or not all(_TEST.fullmatch(test) for test in tests):
        raise NotAFault(f"{path.name} names no test, or not by its id")
    if len(engines) > 1 or engines[0] not in _ENGINES:
        raise NotAFault(f"{path.name} names an engine that the suite does not drive")
    return Fault(int(name["number"]), path.stem, sentence, tests, engines[0], begins + diff)
