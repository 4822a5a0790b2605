"""Which tests a change can break: what `scripts/test --changed` runs, with what it leaves out and why.

Unit tests are chosen by the coverage of the last run of everything, which notes for each line the files of tests that
ran it, and by the import graph of today. The servers of the browser suite serve many tests, and their coverage can't be
told apart: a change of the site asks for all of that suite. Where nothing is known, everything runs.
"""

import argparse
import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import grimp
from coverage import CoverageData

ROOT = Path(__file__).resolve().parents[2]
COVERAGE = Path("build/coverage")
CHOSEN = Path("build/changed")
"""Where the choice is written: for each project a file with a path on each line."""

BROWSER_SUITE = "e2e"
PROJECTS = ("site/consent_gate", "site/exact_sessions", "dashboard", "site", BROWSER_SUITE)
"""Folders whose tests run in a process of their own; of two that hold a test, the first."""
UNIT_TESTS = frozenset(PROJECTS[:-1])
ABOUT_THE_REPOSITORY = frozenset({"site/locallibrary/tests", "e2e/tests/test_names.py", "e2e/tests/test_promises.py"})
"""Tests that read docs, workflows and sources, whoever wrote them."""
ABOUT_THE_DOCS = frozenset({f"e2e/tests/{name}" for name in ("audit", "foreign", "harness", "mutation")})
IN_PROCESSES_OF_THEIR_OWN = ABOUT_THE_DOCS | {
    f"e2e/tests/{name}" for name in ("cluster", "hostile", "test_deployed.py", "test_explore.py")
}
"""Tests that start a program of the suite: no import says which modules they run."""
FOUND_BY_NAME = frozenset({"admin", "apps", "checks", "conf", "conftest", "cookies", "models", "settings", "urls"})
"""Modules that Django and pytest load by their names, and that set up what other modules never import."""


@dataclass(frozen=True)
class Knowledge:
    """What is known of the tree. Paths are relative to its root, with slashes."""

    tests: frozenset[str]
    """All files of tests."""
    ran: Mapping[str, Collection[str]] | None
    """For each source file the files of tests that ran a line of it; None without a run of everything."""
    importers: Callable[[str], Collection[str]]
    """The files that import a file, directly or through others."""
    plugins: frozenset[str]
    """Modules of the suite that pytest loads for every browser test."""
    programs: frozenset[str]
    """Unit tests that start programs, where coverage does not see what they run."""


@dataclass(frozen=True)
class Reach:
    """What a changed file can break: files and folders of tests; and why it is not less."""

    tests: frozenset[str]
    because: str


def reach_of(path: str, known: Knowledge) -> Reach:
    """Say what a change of one file can break. Rather too much than too little."""
    place = PurePosixPath(path)
    if path in known.tests:
        tests = _tests_among({path, *known.importers(path)}, known)
        return Reach(tests | ABOUT_THE_REPOSITORY, "itself, who imports it, and what reads sources")
    if place.parts[0] in {"site", "dashboard"}:
        return _reach_in_the_site(place, known)
    if place.parts[0] == BROWSER_SUITE:
        return _reach_in_the_suite(place, known)
    if place.parts[0] == "docs" or place.suffix == ".md":
        return Reach(ABOUT_THE_REPOSITORY | ABOUT_THE_DOCS, "a page: what reads pages")
    if place.parts[0] == ".github":
        return Reach(ABOUT_THE_REPOSITORY, "what reads workflows")
    return Reach(frozenset(PROJECTS), "not known: everything")


def _reach_in_the_site(place: PurePosixPath, known: Knowledge) -> Reach:
    path = str(place)
    if place.name.startswith("test_") and place.suffix == ".py":  # one that was deleted
        return Reach(ABOUT_THE_REPOSITORY, "a test that is gone")
    of_tests = "tests" in place.parts
    browser_suite = frozenset() if of_tests else frozenset({BROWSER_SUITE})
    if place.suffix != ".py" or place.stem in FOUND_BY_NAME or {"migrations", "commands"} & set(place.parts):
        return Reach(UNIT_TESTS | browser_suite, "loaded by its name: everything")
    importers = known.importers(path)
    if known.ran is None:
        return Reach(UNIT_TESTS | browser_suite, "no coverage of an earlier run: everything")
    if not importers or (not of_tests and path not in known.ran):
        return Reach(UNIT_TESTS | browser_suite, "no coverage and no importer: everything")
    ran = {test for source in {path, *importers} for test in known.ran.get(source, ())}
    unit = _tests_among(importers, known) | (ran & known.tests) | known.programs
    if of_tests:
        return Reach(unit | ABOUT_THE_REPOSITORY, "who imports it")
    return Reach(unit | ABOUT_THE_REPOSITORY | browser_suite, "who ran or imports it, and the whole browser suite")


def _reach_in_the_suite(place: PurePosixPath, known: Knowledge) -> Reach:
    path = str(place)
    if place.parts[:2] == (BROWSER_SUITE, "faults"):
        return Reach(frozenset({"e2e/tests/mutation"}) | ABOUT_THE_REPOSITORY, "what reads the faults")
    if place.name == "conftest.py":
        return Reach(frozenset({str(place.parent)}) | ABOUT_THE_REPOSITORY, "the tests below it")
    reached = {path, *known.importers(path)}
    tests = _tests_among(reached, known)
    if place.suffix != ".py" or reached & known.plugins or not tests:
        return Reach(
            frozenset({BROWSER_SUITE}) | ABOUT_THE_REPOSITORY, "loaded for every test, or not known: all of them"
        )
    return Reach(tests | IN_PROCESSES_OF_THEIR_OWN | ABOUT_THE_REPOSITORY, "who imports it, or starts programs")


def _tests_among(paths: Iterable[str], known: Knowledge) -> frozenset[str]:
    return known.tests.intersection(paths)


def project_of(test: str) -> str:
    """The project that a file or folder of tests belongs to."""
    return next(project for project in PROJECTS if PurePosixPath(test).is_relative_to(project))


def by_project(tests: Collection[str]) -> dict[str, list[str]]:
    """Sort files and folders of tests by project; what lies in a folder that is chosen too is not named again."""
    chosen: dict[str, list[str]] = {project: [] for project in PROJECTS}
    for test in sorted(tests):
        project = project_of(test)
        around = {str(parent) for parent in PurePosixPath(test).parents}
        if not any(other in around and project_of(other) == project for other in tests):
            chosen[project].append(test)
    return chosen


def files_in(chosen: Mapping[str, Sequence[str]], tests: Collection[str]) -> set[str]:
    """The files of tests that are chosen, by themselves or by a folder around them."""
    return {
        test for test in tests if any(PurePosixPath(test).is_relative_to(each) for each in chosen[project_of(test)])
    }


def git(*arguments: str) -> list[str]:
    """The lines that git prints; raises `CalledProcessError` where it fails."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def changed_since(revision: str) -> set[str]:
    """The files of the working tree that are not as they were, those that git does not know yet among them."""
    changed = git("diff", "--name-only", "--no-renames", revision, "--")
    return {*changed, *git("ls-files", "--others", "--exclude-standard")}


def files_of_tests() -> frozenset[str]:
    """All files of tests, as pytest finds them."""
    folders = ("site", "dashboard", "e2e/tests")
    return frozenset(
        file.relative_to(ROOT).as_posix() for folder in folders for file in (ROOT / folder).rglob("test_*.py")
    )


def starting_programs(tests: Iterable[str]) -> frozenset[str]:
    """Those whose source names a module that starts programs."""
    return frozenset(
        test
        for test in tests
        if {"subprocess", "multiprocessing"} & set(re.findall(r"\w+", (ROOT / test).read_text(encoding="utf-8")))
        and project_of(test) in UNIT_TESTS
    )


def files_that_ran(folder: Path) -> dict[str, set[str]]:
    """For each source file the files of tests that ran a line of it, by the coverage in a folder."""
    data = CoverageData(basename=str(folder / "data"))
    data.read()
    return {
        Path(source).relative_to(ROOT).as_posix(): {
            test for tests in data.contexts_by_lineno(source).values() for test in tests if test
        }
        for source in data.measured_files()
        if Path(source).is_relative_to(ROOT)
    }


def importers_by_graph() -> Callable[[str], set[str]]:
    """Who imports a file, by the import graph of the working tree."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = configuration["tool"]["importlinter"]["root_packages"]
    graph = grimp.build_graph(*packages, "tests", cache_dir=None)
    places = ("site", "dashboard", "e2e")

    def file_of(module: str) -> str:
        inner = module.replace(".", "/")
        candidates = (f"{place}/{inner}{end}" for place in places for end in (".py", "/__init__.py"))
        return next((each for each in candidates if (ROOT / each).exists()), "")

    modules = {file_of(module): module for module in graph.modules}
    files = {module: file for file, module in modules.items()}

    def importers(path: str) -> set[str]:
        module = modules.get(path)
        return {files[each] for each in graph.find_downstream_modules(module)} if module else set()

    return importers


def plugins() -> frozenset[str]:
    """The files that the suite's topmost conftest has pytest load."""
    conftest = ast.parse((ROOT / "e2e/tests/conftest.py").read_text(encoding="utf-8"))
    lists = (node.value for node in conftest.body if isinstance(node, ast.Assign))
    return frozenset(f"e2e/{name.replace('.', '/')}.py" for found in lists for name in ast.literal_eval(found))


def knowledge() -> tuple[Knowledge, set[str]]:
    """What is known of this tree, and the files that have changed since the coverage was noted."""
    noted = ROOT / COVERAGE / "commit"
    ran: dict[str, set[str]] | None = None
    since: set[str] = set()
    if noted.exists():
        with suppress(subprocess.CalledProcessError):  # git has forgotten that commit
            since = changed_since(noted.read_text(encoding="utf-8").strip())
            ran = files_that_ran(noted.parent)
    tests = files_of_tests()
    return Knowledge(tests, ran, importers_by_graph(), plugins(), starting_programs(tests)), since


def main(arguments: Sequence[str]) -> None:
    """Write the choice down, and say it."""
    parser = argparse.ArgumentParser(prog="scripts/test --changed", description=__doc__)
    parser.add_argument("revision", nargs="?", default="HEAD")
    revision = parser.parse_args(arguments).revision
    try:
        changed = changed_since(revision)
    except subprocess.CalledProcessError as error:
        parser.error(f"git can't compare with {revision}: {error.stderr.strip().splitlines()[0]}")
    known, since = knowledge()
    reaches = {path: reach_of(path, known) for path in sorted(changed)}
    for path, reach in reaches.items():
        print(f"{path}: {reach.because}")
    if not changed:
        print(f"Nothing has changed since {revision}.")
    chosen = {test for reach in reaches.values() for test in reach.tests}
    if changed and known.ran is not None:
        chosen |= known.tests & since  # what a test runs is not known if it has changed
    write_choice(by_project(chosen), known.tests)


def write_choice(chosen: Mapping[str, Sequence[str]], tests: Collection[str]) -> None:
    """Write a file for each project, and say what is left out."""
    (ROOT / CHOSEN).mkdir(parents=True, exist_ok=True)
    run = files_in(chosen, tests)
    for project, paths in chosen.items():
        name = PurePosixPath(project).name
        (ROOT / CHOSEN / f"{name}.txt").write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
        every = {test for test in tests if project_of(test) == project}
        left_out = ", ".join(sorted(PurePosixPath(test).stem for test in every - run)) or "nothing"
        print(f"{project}: {len(every & run)} of {len(every)} files of tests; left out: {left_out}")


if __name__ == "__main__":
    main(sys.argv[1:])
