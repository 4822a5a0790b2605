"""What `scripts/mutate` makes of a fault, at a tiny project with one fault of each kind."""

import json
import subprocess
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from difflib import unified_diff
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from library_suite.mutation.__main__ import main
from library_suite.mutation.faults import FOLDER, Fault, NotAFault, read_fault
from library_suite.mutation.report import HEADING, PAGE
from library_suite.mutation.runs import PytestRun, environment_of, outcomes_in
from library_suite.mutation.trees import apply, copy_tracked
from library_suite.mutation.verdicts import FaultVerdict, judge, not_passing

pytestmark = [pytest.mark.promise("H11"), pytest.mark.timeout(600)]  # each fault starts a pytest of its own

SUMS = "def double(number):\n    return number + number\n"
LATE = "import json\n\nnothing = json.loads('null')\n"
TESTS = """
import pytest
from sums import double

@pytest.fixture
def doubled():
    assert double(3) == 6
    return 6

def test_doubling(): assert double(3) == 6
def test_doubling_anything(): assert double(3)
def test_that_fails_anyhow(): assert double(3) == 7
def test_with_a_fixture(doubled): assert doubled == 6

@pytest.mark.parametrize("number", [0, 3])
def test_doubling_each(number): assert double(number) == 2 * number

def test_that_imports_late():
    from late import nothing
    assert nothing is None
"""
DOUBLING, ANYTHING, FAILING, WITH_A_FIXTURE, EACH, LATE_TEST = (
    f"tests/test_sums.py::test_{name}"
    for name in (
        "doubling",
        "doubling_anything",
        "that_fails_anyhow",
        "with_a_fixture",
        "doubling_each",
        "that_imports_late",
    )
)


def patch(file: str, before: str, after: str) -> str:
    lines = unified_diff(before.splitlines(True), after.splitlines(True), f"a/{file}", f"b/{file}")
    return f"diff --git a/{file} b/{file}\n{''.join(lines)}"


def fault_file(folder: Path, name: str, tests: tuple[str, ...], diff: str) -> Path:
    path = folder / f"{name}.patch"
    fields = "".join(f"Tests: {test}\n" for test in tests)
    path.write_text(f"Sums are wrong.\n\n{fields}\n{diff}", encoding="utf-8")
    return path


WRONG = patch("sums.py", SUMS, SUMS.replace("number + number", "number + 1"))
FAULTS: dict[str, tuple[tuple[str, ...], str]] = {
    "01-wrong-sum": ((DOUBLING, EACH), WRONG),
    "02-seen-by-one-of-two": ((DOUBLING, ANYTHING), WRONG),
    "03-of-another-version": ((DOUBLING,), patch("sums.py", SUMS.replace("double", "twice"), SUMS)),
    "04-cannot-be-imported": ((DOUBLING,), patch("sums.py", SUMS, "import nowhere\n" + SUMS)),
    "05-cannot-be-imported-later": (
        (LATE_TEST,),
        patch("late.py", LATE, LATE.replace("import json", "import nowhere")),
    ),
    "06-tested-by-a-failing-test": ((FAILING,), WRONG),
    "07-breaks-a-fixture": ((WITH_A_FIXTURE,), WRONG),
    "08-tested-by-nobody": (("tests/test_sums.py::test_gone",), WRONG),
}


@dataclass(frozen=True)
class SummaryLine:
    exit_code: int
    printed: str
    entries: dict[str, Any]
    table: str
    root: Path


def snapshot(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.relative_to(root).parts[0] != "build"
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / FOLDER).mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    (root / "sums.py").write_text(SUMS)
    (root / "late.py").write_text(LATE)
    (root / "tests" / "test_sums.py").write_text(TESTS)
    for name, (tests, diff) in FAULTS.items():
        fault_file(root / FOLDER, name, tests, diff)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    subprocess.run(["git", "add", "--all"], cwd=root, check=True)
    return root


@pytest.fixture(scope="module")
def outcome(project: Path) -> SummaryLine:
    """All faults put in, once for all tests."""
    before = snapshot(project)
    with redirect_stdout(StringIO()) as printed:
        exit_code = main(["--jobs", "2"], project)
    assert snapshot(project) == before, "the tree was touched"
    entries = json.loads((project / "build" / "mutate.json").read_text(encoding="utf-8"))
    table = (project / "build" / "mutate.md").read_text(encoding="utf-8")
    return SummaryLine(exit_code, printed.getvalue(), {each["name"]: each for each in entries}, table, project)


@pytest.mark.parametrize(
    ("name", "verdict", "detail"),
    [
        ("01-wrong-sum", FaultVerdict.CAUGHT, "assert 4 == 6; assert 1 == (2 * 0)"),
        ("02-seen-by-one-of-two", FaultVerdict.NOT_CAUGHT, f"{ANYTHING} did not see it"),
        ("03-of-another-version", FaultVerdict.DOES_NOT_APPLY, "error: patch failed: sums.py:1"),
        ("04-cannot-be-imported", FaultVerdict.BROKE_THE_RUN, ""),
        ("05-cannot-be-imported-later", FaultVerdict.BROKE_THE_RUN, "No module named 'nowhere'"),
        ("06-tested-by-a-failing-test", FaultVerdict.FAILED_BEFORE, "assert 6 == 7"),
        ("07-breaks-a-fixture", FaultVerdict.BROKE_THE_RUN, f"ERROR {WITH_A_FIXTURE}"),
        ("08-tested-by-nobody", FaultVerdict.FAILED_BEFORE, "did not run"),
    ],
)
def test_each_kind_of_fault_gets_its_verdict(outcome: SummaryLine, name: str, verdict: str, detail: str) -> None:
    entry = outcome.entries[name]
    assert entry["verdict"] == verdict
    assert detail in entry["detail"]


def test_a_fault_that_is_not_caught_fails_the_run_and_is_named(outcome: SummaryLine) -> None:
    assert outcome.exit_code == 1
    assert f"! {ANYTHING} did not see it" in outcome.printed
    assert "8 faults: 1 caught, 1 not caught, 1 does not apply, 2 failed before" in outcome.printed
    assert outcome.table.splitlines()[2:4] == [
        "| 1 | Sums are wrong. | unit tests: `test_doubling`<br>unit tests: `test_doubling_each` |",
        "| 2 | Sums are wrong. | not caught |",
    ]


def test_with_every_fault_caught_the_run_succeeds(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "wrong-sum", "--jobs", "1"], project) == 0
    assert "1 faults: 1 caught." in capsys.readouterr().out


def test_listing_names_the_chosen_faults_and_runs_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--only", "0[12]-*"], project) == 0
    assert capsys.readouterr().out.splitlines() == [
        "01-wrong-sum: Sums are wrong.",
        "02-seen-by-one-of-two: Sums are wrong.",
    ]


def test_the_pages_table_is_renewed_and_its_prose_is_left_alone(project: Path) -> None:
    page = project / PAGE
    page.parent.mkdir(exist_ok=True)
    page.write_text(f"# Prose\n\n{HEADING}\nan old table\n", encoding="utf-8")
    assert main(["--page", "--only", "wrong-sum"], project) == 0
    head, _heading, table = page.read_text(encoding="utf-8").partition(HEADING)
    assert head == "# Prose\n\n"
    assert table.count("Sums are wrong.") == len(FAULTS)


def test_a_pattern_that_fits_nothing_is_said_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "no-such-fault"], project) == 2
    assert "no-such-fault" in capsys.readouterr().err


def test_a_copy_holds_what_is_tracked_as_it_lies_there_and_nothing_else(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    copy_tracked(project, root)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    subprocess.run(["git", "add", "--all"], cwd=root, check=True)
    (root / "sums.py").write_text("changed since\n")
    (root / "late.py").unlink()
    (root / "untracked.txt").write_text("a secret")
    copy_tracked(root, tmp_path / "copy")
    copied = snapshot(tmp_path / "copy")
    assert copied["sums.py"] == b"changed since\n"
    assert not {"late.py", "untracked.txt"} & set(copied)
    assert set(copied) == {name for name in snapshot(root) if not name.startswith(".git/")} - {"untracked.txt"}


def test_a_patch_applies_to_a_copy_inside_another_repository(project: Path) -> None:
    """Where the temporary folder lies in a checkout, git takes that for the patch's and changes nothing."""
    copy = project / "build" / "copy"
    copy.mkdir(parents=True)
    (copy / "sums.py").write_text(SUMS)
    assert apply(WRONG, copy) == ""
    assert "number + 1" in (copy / "sums.py").read_text()


def test_a_patch_bears_changes_around_its_lines_and_none_of_them(tmp_path: Path) -> None:
    before = "first\nsecond\nthird\nwrong\nfifth\nsixth\nseventh\n"
    fault = patch("list.txt", before, before.replace("wrong\n", ""))
    (tmp_path / "list.txt").write_text(f"new\n{before}".replace("second", "2").replace("seventh", "7"))
    assert apply(fault, tmp_path) == ""
    assert (tmp_path / "list.txt").read_text() == "new\nfirst\n2\nthird\nfifth\nsixth\n7\n"
    (tmp_path / "list.txt").write_text(before.replace("wrong", "right"))
    assert "list.txt" in apply(fault, tmp_path)


@pytest.fixture
def fault(tmp_path: Path) -> Callable[..., Fault]:
    def make(*tests: str) -> Fault:
        return read_fault(fault_file(tmp_path, "01-a-fault", tests, WRONG))

    return make


def run(*lines: str, exit_code: int = 1) -> PytestRun:
    output = "\n".join(["FAILED like a line of a log", "=== short test summary info ===", *lines, "1 failed in 1 s"])
    return PytestRun(exit_code, tuple(outcomes_in(output)), output)


@pytest.mark.parametrize(
    "reason",
    [
        "cookie_harness.servers.ServerFailed: The server ended with code 1 before it answered",
        "ModuleNotFoundError: No module named 'nowhere'",
        "NameError: name 'x' is not defined",
        "SyntaxError: invalid syntax",
        "Failed: Timeout (>120.0s) from pytest-timeout.",
        "playwright._impl._errors.TimeoutError: Page.goto: Timeout 10000ms exceeded.",
    ],
)
def test_a_site_that_does_not_start_is_no_proof(fault: Callable[..., Fault], reason: str) -> None:
    assert judge(fault(DOUBLING), [run(f"FAILED {DOUBLING}[chromium] - {reason}")])[0] is FaultVerdict.BROKE_THE_RUN


@pytest.mark.parametrize("exit_code", [2, 3, 4, 5, -9])
def test_a_run_that_does_not_come_to_its_end_is_no_proof(fault: Callable[..., Fault], exit_code: int) -> None:
    judged, _detail = judge(fault(DOUBLING), [run(f"FAILED {DOUBLING} - assert 1", exit_code=exit_code)])
    assert judged is FaultVerdict.BROKE_THE_RUN


def test_a_test_whose_name_begins_alike_proves_nothing(fault: Callable[..., Fault]) -> None:
    assert judge(fault(DOUBLING), [run(f"FAILED {ANYTHING} - assert 1")])[0] is FaultVerdict.NOT_CAUGHT


def test_one_failing_parameter_set_is_enough_and_reasons_are_kept(fault: Callable[..., Fault]) -> None:
    failed = run(f"FAILED {DOUBLING}[chromium-Refuse all-stored1] - assert {{'a'}} == set()", f"PASSED {DOUBLING}[x]")
    assert judge(fault(DOUBLING), [failed]) == (FaultVerdict.CAUGHT, "assert {'a'} == set()")


def test_a_quirk_that_is_expected_is_no_test_that_passed() -> None:
    assert not_passing([DOUBLING], run(f"XFAIL {DOUBLING}[firefox] - a quirk")) == {
        DOUBLING: "did not run (1 failed in 1 s)"
    }


def test_a_run_inherits_nothing_that_leads_back_to_this_one() -> None:
    ours = {
        "HOME": "/home/me",
        "PYTHONPATH": "/here",
        "DJANGO_SETTINGS_MODULE": "x",
        "PYTEST_ADDOPTS": "-x",
        "PYTEST_XDIST_WORKER": "gw0",
    }
    assert set(environment_of(ours)) == {"HOME", "COLUMNS"}


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("wrong", f"Sums are wrong.\n\nTests: {DOUBLING}\n\n{WRONG}", "not called NN-name"),
        ("01-empty", f"Sums are wrong.\n\nTests: {DOUBLING}\n", "no patch"),
        ("01-no-sentence", f"Tests: {DOUBLING}\n\n{WRONG}", "sentence"),
        ("01-no-tests", f"Sums are wrong.\n\n{WRONG}", "names no test"),
        ("01-no-id", f"Sums are wrong.\n\nTests: doubling\n\n{WRONG}", "names no test"),
        ("01-typo", f"Sums are wrong.\n\nTest: {DOUBLING}\n\n{WRONG}", "something else"),
        ("01-engine", f"Sums are wrong.\n\nTests: {DOUBLING}\nEngine: netscape\n\n{WRONG}", "engine"),
    ],
    ids=str.split("wrong empty no-sentence no-tests no-id typo engine"),
)
def test_a_file_that_is_no_fault_is_refused_by_name(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    path = tmp_path / f"{name}.patch"
    path.write_text(text)
    with pytest.raises(NotAFault, match=f"{name}.*{complaint}"):
        read_fault(path)
