"""`python -m library_suite.mutants.worker` in a copy of the tree: judges mutants of one part.

Reads the part and the keys of the mutants from its input, as JSON, and writes a line of JSON for each.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import coverage  # noqa: F401  loaded once, before the forks
import django.test  # noqa: F401
import hypothesis  # noqa: F401
import pytest

from library_suite.mutants.children import in_child, say
from library_suite.mutants.fates import NOT_RUN, Fate, MutantFate
from library_suite.mutants.fresh import MutatedFile, first_failure_with
from library_suite.mutants.mutants import Mutant, mutants_below
from library_suite.mutants.parts import CodePart
from library_suite.mutants.tests import KnownTests, digests_of, file_of, imports, is_of
from library_suite.mutants.warm import OPTIONS, TestsFail, WarmRun, module_of

LOADING = 15
"""Seconds of processor time that loading a project may take."""


def main() -> None:
    """Do all that is asked; the exit code is 1 where the tests fail without a mutant."""
    asked = json.load(sys.stdin)
    part = CodePart(asked["name"], tuple(asked["sources"]), tuple(asked["tests"]))
    root = Path.cwd().resolve()
    known = mutants_below(root, part.files(root))
    mutants = [known[key] for key in asked["keys"]]
    out = os.dup(1)
    os.dup2(2, 1)

    def tell(fate: MutantFate) -> None:
        say(json.dumps(asdict(fate)), out)

    digests = digests_of(part, root)
    kept = Path(asked["kept"])
    run = WarmRun(root, part.files(root), mutants, tell, KnownTests.read(kept, digests), kept)
    try:
        unsure = warm(run, part.tests)
    except TestsFail as error:
        say(json.dumps({"error": str(error)}), out)
        sys.exit(1)
    judge = FreshJudge(root, KnownTests.read(kept, digests))
    for mutant in mutants:
        if mutant.key in unsure:
            tell(judge.fate_of(mutant, unsure[mutant.key]))


def warm(run: WarmRun, tests: Sequence[str]) -> dict[str, list[str]]:
    """Try mutants in one warmed process; gives back those that a fresh one has to judge, and by which tests."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        status = pytest.main([*OPTIONS, *tests], plugins=[run])
        if not status:
            with os.fdopen(writer, "w") as to_parent:
                json.dump(run.unsure, to_parent)
        os._exit(int(status))
    os.close(writer)
    with os.fdopen(reader) as from_child:
        said = from_child.read()
    os.waitpid(child, 0)
    if not said:
        raise TestsFail("the tests do not pass without a mutant")
    unsure: dict[str, list[str]] = json.loads(said)
    return unsure


@dataclass
class FreshJudge:
    """Tries mutants from the loading of their module on.

    A file of tests that notices one has to do so in a process of its own: together, in an order in which nobody runs
    them, one may fail for what another has left behind. Who survives all of them together survives.
    """

    root: Path
    known: KnownTests
    failing: dict[tuple[str, ...], bool] = field(default_factory=dict)
    """Whether some tests fail in a fresh process without any mutant: then they say nothing there."""
    noticed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many mutants of a module each file of tests has noticed so far: those that have come first, each alone."""

    def fate_of(self, mutant: Mutant, tests: Sequence[str]) -> MutantFate:
        """What becomes of a mutant by these tests, or where none is named by all that may notice."""
        file = self.root / mutant.path
        finder = MutatedFile(file, mutant.mutated(file.read_text(encoding="utf-8")))
        chosen = tests if mutant.function and tests else self._files_of(mutant.path)
        by_file = {path: tuple(each for each in chosen if file_of(each) == path) for path in map(file_of, chosen)}
        likely = sorted(
            (path for path in by_file if self.noticed[mutant.path, path] or is_of(path, mutant.path)),
            key=lambda path: -self.noticed[mutant.path, path],
        )
        others = [path for path in by_file if path not in likely]
        together = [test for path in others for test in by_file[path]]
        for path in likely:
            if fate := self._fate_by(mutant, finder, by_file[path]):
                return fate
        if together and self._run(finder, together)[0] is not Fate.SURVIVED:
            for path in others:
                if fate := self._fate_by(mutant, finder, by_file[path]):
                    return fate
        return MutantFate(mutant.key, Fate.SURVIVED, NOT_RUN if mutant.function and not tests else "")

    def _files_of(self, path: str) -> list[str]:
        """The files of tests that run any line of a module, and then those that take something from it by its name.

        Whoever takes a constant runs no line of the module that makes it.
        """
        name = module_of(self.root / path, sys.path)
        takers = [file for file in {file_of(test) for test in self.known.seconds} if imports(self.root / file, name)]
        return list(dict.fromkeys([*self.known.files_of(path), *sorted(takers)]))

    def _fate_by(self, mutant: Mutant, finder: MutatedFile, tests: tuple[str, ...]) -> MutantFate | None:
        """What the tests of one file make of a mutant; None where they don't notice it."""
        fate, by = self._run(finder, tests)
        if fate is Fate.SURVIVED or self._fail_anyhow(tests):
            return None
        self.noticed[mutant.path, file_of(tests[0])] += 1
        return MutantFate(mutant.key, fate, by)

    def _run(self, finder: MutatedFile | None, tests: Sequence[str]) -> tuple[Fate, str]:
        limit = int(self.known.cost(tests) * 3) + LOADING
        return in_child(lambda: first_failure_with(finder, tests), limit)

    def _fail_anyhow(self, tests: tuple[str, ...]) -> bool:
        if tests not in self.failing:
            self.failing[tests] = self._run(None, tests)[0] is not Fate.SURVIVED
        return self.failing[tests]


if __name__ == "__main__":
    main()
