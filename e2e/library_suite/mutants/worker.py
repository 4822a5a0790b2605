"""`python -m library_suite.mutants.worker` in a copy of the tree: judges mutants of one part.

Reads the part and the keys of the mutants from its input, as JSON, and writes a line of JSON for each.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
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
from library_suite.mutants.tests import KnownTests, digests_of
from library_suite.mutants.warm import OPTIONS, TestsFail, WarmRun

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
    tests = KnownTests.read(kept, digests)
    for mutant in mutants:
        if mutant.key in unsure:
            tell(fresh(root, mutant, unsure[mutant.key], tests))


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


def fresh(root: Path, mutant: Mutant, tests: list[str], known: KnownTests) -> MutantFate:
    """Try one mutant from the loading of its module on."""
    file = root / mutant.path
    finder = MutatedFile(file, mutant.mutated(file.read_text(encoding="utf-8")))
    chosen = tests if mutant.function and tests else known.files_of(mutant.path)
    limit = int(known.cost(chosen) * 3) + LOADING
    fate, by = in_child(lambda: first_failure_with(finder, chosen), limit)
    if fate is Fate.SURVIVED and mutant.function and not tests:
        by = NOT_RUN
    return MutantFate(mutant.key, fate, by)


if __name__ == "__main__":
    main()
