"""A plugin of pytest: notes which test runs which line, and then forks a process for each mutant.

What is loaded once is not loaded again, so most mutants cost only the tests that run their line.
"""

import functools
import importlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis
import pytest
from coverage import Coverage

from library_suite.mutants.children import in_child
from library_suite.mutants.fates import Fate, MutantFate
from library_suite.mutants.mutants import Mutant
from library_suite.mutants.swap import LoadedFunctions
from library_suite.mutants.tests import KnownTests, file_of

OPTIONS = ("-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Of every run: what is loaded before the forks is not rewritten, and need not be."""

REFUSED = "could not be put in"


class TestsFail(Exception):
    """The tests fail without a mutant."""


@dataclass
class WarmRun:
    """`tell` gets what became of a mutant; `known` is added to."""

    root: Path
    sources: Sequence[Path]
    mutants: Sequence[Mutant]
    tell: Callable[[MutantFate], None]
    known: KnownTests
    kept: Path
    """Where that is kept for the next run, as soon as it is noted."""
    unsure: dict[str, list[str]] = field(default_factory=dict)
    """By their keys the mutants that a fresh process has to judge, and the tests to be run there; none named: all."""
    loaded: LoadedFunctions = field(default_factory=LoadedFunctions)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In the place of pytest's own."""
        if session.testsfailed or not session.items:
            raise TestsFail("pytest collects no tests here, or not all of them")
        few_examples()
        for file in self.sources:
            importlib.import_module(module_of(file, sys.path))
        new = [item for item in session.items if item.nodeid not in self.known.seconds]
        if new:
            self._note(new, session)
            self._note_unrepeatable(new, session)
            self.known.write(self.kept)
        by_name = {item.nodeid: item for item in session.items}
        self.loaded = LoadedFunctions.below(self.root)
        for mutant in self.mutants:
            self._judge(mutant, by_name, session)
        return True

    def _note(self, items: Sequence[pytest.Item], session: pytest.Session) -> None:
        measured = Coverage(data_file=None, config_file=False, include=[str(path) for path in self.sources])
        measured.start()
        try:
            for index, item in enumerate(items):
                measured.switch_context(item.nodeid)
                began = time.process_time()
                # Never the end of the session, which would take what the forks share away from them.
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=items[(index + 1) % len(items)])
                self.known.seconds[item.nodeid] = time.process_time() - began
                if session.testsfailed:
                    raise TestsFail(f"{item.nodeid} fails without a mutant")
        finally:
            measured.stop()
        data = measured.get_data()
        for file in data.measured_files():
            for line, tests in data.contexts_by_lineno(file).items():
                self.known.add(Path(file).relative_to(self.root).as_posix(), line, tests)

    def _note_unrepeatable(self, items: Sequence[pytest.Item], session: pytest.Session) -> None:
        left = list(items)
        while left:
            limit = limit_for(self.known.cost(item.nodeid for item in left))
            fate, failed = in_child(functools.partial(first_failure, left, session), limit)
            if fate is Fate.SURVIVED:
                return
            gone = [item.nodeid for item in left if not failed or file_of(item.nodeid) == file_of(failed)]
            self.known.unrepeatable += gone
            left = [item for item in left if item.nodeid not in gone]

    def _judge(self, mutant: Mutant, by_name: dict[str, pytest.Item], session: pytest.Session) -> None:
        tests = self.known.of_line(mutant.path, mutant.line)
        here = [test for test in tests if test not in self.known.unrepeatable]
        if not mutant.function or not here:
            self.unsure[mutant.key] = tests
            return
        fate, by = self._try(mutant, [by_name[test] for test in here], session)
        if by == REFUSED:
            self.unsure[mutant.key] = tests
        elif fate is Fate.SURVIVED and len(here) < len(tests):
            self.unsure[mutant.key] = [test for test in tests if test not in here]
        else:
            self.tell(MutantFate(mutant.key, fate, by))

    def _try(self, mutant: Mutant, items: list[pytest.Item], session: pytest.Session) -> tuple[Fate, str]:
        file = self.root / mutant.path

        def act() -> str:
            if not self.loaded.put_in(mutant, file.read_text(encoding="utf-8"), str(file)):
                return REFUSED
            self.loaded.forget_results()
            return first_failure(items, session)

        return in_child(act, limit_for(self.known.cost(item.nodeid for item in items)))


def module_of(file: Path, search_path: Sequence[str]) -> str:
    """By what name Python imports a file."""
    folders = [Path(folder) for folder in search_path if file.is_relative_to(folder)]
    inside = file.relative_to(max(folders, key=lambda folder: len(folder.parts))).with_suffix("")
    return ".".join(inside.parts).removesuffix(".__init__")


def limit_for(seconds: float) -> int:
    """The processor time that tests may take with a mutant, which took so many seconds without."""
    return int(seconds * 10) + 3


def few_examples() -> None:
    """Hypothesis tries few examples here, the same for every mutant: a test should not need luck to notice one."""
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile(
        "mutants", hypothesis.settings(), phases=phases, database=None, derandomize=True, max_examples=20
    )
    hypothesis.settings.load_profile("mutants")


def first_failure(items: Sequence[pytest.Item], session: pytest.Session) -> str:
    """Run tests until one fails, and give its name; "" if none does."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    for index, item in enumerate(items):
        following = items[min(index + 1, len(items) - 1)]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed or session.shouldfail or session.shouldstop:
            return item.nodeid
    return ""
