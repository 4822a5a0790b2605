"""Which tests a change can break: rather too many than too few."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from coverage import CoverageData

from library_suite.changes import (
    BROWSER_SUITE,
    PROJECTS,
    ROOT,
    UNIT_TESTS,
    Knowledge,
    by_project,
    files_of_tests,
    importers_by_graph,
    plugins,
    reach_of,
    starting_programs,
)

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.promise("H19")

SHELF = "site/catalog/tests/test_shelf.py"
LABEL = "site/catalog/tests/test_label.py"
OTHER = "site/catalog/tests/test_other.py"
PROCESS = "site/consent_gate/tests/test_process.py"
WORDS = "e2e/tests/harness/test_words.py"
COUNTS = "e2e/tests/test_counts.py"
IMPORTERS = {
    "site/catalog/shelf.py": {"site/catalog/views.py", SHELF},
    "site/catalog/forms.py": {"site/catalog/views.py"},
    "site/catalog/models.py": {"site/catalog/views.py"},
    "site/catalog/tests/made_up.py": {OTHER},
    "e2e/cookie_harness/words.py": {WORDS},
    "e2e/cookie_harness/jar.py": {"e2e/cookie_harness/plugin.py", COUNTS},
}
KNOWN = Knowledge(
    tests=frozenset({SHELF, LABEL, OTHER, PROCESS, WORDS, COUNTS}),
    ran={
        "site/catalog/shelf.py": {LABEL},
        "site/catalog/views.py": {OTHER, "site/catalog/tests/test_gone.py"},
        "site/catalog/forms.py": (),
    },
    importers=lambda path: IMPORTERS.get(path, set()),
    plugins=frozenset({"e2e/cookie_harness/plugin.py"}),
    programs=frozenset({PROCESS}),
)


def chosen(path: str, known: Knowledge = KNOWN) -> set[str]:
    """The files of tests, of those above, that a change of a file runs."""
    reached = reach_of(path, known).tests
    return {test for test in known.tests if any(Path(test).is_relative_to(each) for each in reached)}


def unit_tests_for(path: str, known: Knowledge = KNOWN) -> set[str]:
    return {test for test in chosen(path, known) if test.startswith("site/")}


def test_a_module_is_tested_by_who_ran_it_and_who_imports_it() -> None:
    assert unit_tests_for("site/catalog/shelf.py") == {SHELF, LABEL, OTHER, PROCESS}


def test_a_module_that_no_test_ran_is_tested_by_who_ran_its_importers() -> None:
    assert unit_tests_for("site/catalog/forms.py") == {OTHER, PROCESS}


@pytest.mark.parametrize(
    "path",
    [
        "site/catalog/models.py",
        "site/catalog/new.py",
        "site/catalog/templates/catalog/book.html",
        "site/catalog/static/catalog/book.css",
        "site/catalog/migrations/0002_more.py",
        "site/locallibrary/settings.py",
        "site/catalog/tests/conftest.py",
        "requirements/test.txt",
        "pyproject.toml",
    ],
)
def test_what_is_loaded_by_its_name_or_not_known_runs_every_unit_test(path: str) -> None:
    assert reach_of(path, KNOWN).tests >= UNIT_TESTS


def test_without_coverage_every_unit_test_runs() -> None:
    assert reach_of("site/catalog/shelf.py", replace(KNOWN, ran=None)).tests >= UNIT_TESTS


@pytest.mark.parametrize("path", ["site/catalog/shelf.py", "site/catalog/models.py", "site/catalog/book.html"])
def test_a_change_of_the_site_runs_the_whole_browser_suite(path: str) -> None:
    assert BROWSER_SUITE in reach_of(path, KNOWN).tests


def test_a_test_of_the_site_runs_alone() -> None:
    assert chosen(SHELF) == {SHELF}
    assert BROWSER_SUITE not in reach_of("site/catalog/tests/made_up.py", KNOWN).tests
    assert unit_tests_for("site/catalog/tests/made_up.py") == {OTHER, PROCESS}


def test_a_browser_test_runs_alone_and_its_conftest_runs_all_below_it() -> None:
    assert chosen(COUNTS) == {COUNTS}
    assert chosen("e2e/tests/harness/conftest.py") == {WORDS}


def test_a_module_of_the_suite_runs_its_importers_and_what_starts_programs() -> None:
    assert COUNTS not in chosen("e2e/cookie_harness/words.py")
    assert reach_of("e2e/cookie_harness/words.py", KNOWN).tests >= {
        WORDS,
        "e2e/tests/audit",
        "e2e/tests/test_explore.py",
    }


@pytest.mark.parametrize("path", ["e2e/cookie_harness/jar.py", "e2e/cookie_harness/new.py", "e2e/quirks.toml"])
def test_what_pytest_loads_for_every_browser_test_runs_them_all(path: str) -> None:
    assert BROWSER_SUITE in reach_of(path, KNOWN).tests


def test_a_page_runs_what_reads_pages_and_a_fault_what_reads_faults() -> None:
    assert reach_of("docs/testing.md", KNOWN).tests >= {"site/locallibrary/tests", "e2e/tests/foreign"}
    assert reach_of("e2e/faults/01-gate.patch", KNOWN).tests >= {"e2e/tests/mutation"}


def test_files_are_sorted_by_project_and_not_named_beside_their_folder() -> None:
    paths = {"site", "site/consent_gate/tests/test_a.py", "site/catalog/tests/test_b.py", "e2e/tests/test_c.py"}
    assert by_project(paths) == {
        "site/consent_gate": ["site/consent_gate/tests/test_a.py"],
        "site/exact_sessions": [],
        "dashboard": [],
        "site": ["site"],
        "e2e": ["e2e/tests/test_c.py"],
    }


def test_of_this_tree_all_folders_plugins_and_importers_are_found() -> None:
    """What the choice stands on would otherwise be missed in silence once something moves."""
    assert [folder for folder in PROJECTS if not (ROOT / folder).is_dir()] == []
    assert [plugin for plugin in plugins() if not (ROOT / plugin).is_file()] == []
    named = reach_of("e2e/cookie_harness/words.py", KNOWN).tests | reach_of("docs/testing.md", KNOWN).tests
    assert [path for path in named - KNOWN.tests if not (ROOT / path).exists()] == []
    importers = importers_by_graph()
    assert "e2e/tests/harness/test_durations.py" in importers("e2e/cookie_harness/durations.py")
    assert "e2e/tests/harness/test_changes.py" in files_of_tests()
    assert "site/consent_gate/tests/test_checks.py" in starting_programs(files_of_tests())
    assert "site/locallibrary/settings.py" in importers("site/locallibrary/environment.py")


def test_coverage_notes_which_file_of_tests_ran_a_line(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        shelf="def title():\n    return 1\n\ndef number():\n    return 2\n",
        test_title="import shelf\ndef test_title(): assert shelf.title() == 1",
        test_number="import shelf\ndef test_number(): assert shelf.number() == 2",
    )
    options = ["-p", "library_suite.coverage_contexts", "-p", "no:cacheprovider", "-p", "no:playwright"]
    command = [sys.executable, "-m", "coverage", "run", "--rcfile=/dev/null", "--source=.", "-m", "pytest", *options]
    assert pytester.run(*command).ret == 0
    data = CoverageData(basename=str(pytester.path / ".coverage"))
    data.read()
    noted = data.contexts_by_lineno(str(pytester.path / "shelf.py"))
    assert {line: noted[line] for line in (2, 5)} == {2: ["test_title.py"], 5: ["test_number.py"]}
