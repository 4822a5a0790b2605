"""What `scripts/mutants` makes of a tiny project, of which every mutant is known."""

import json
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from library_suite.mutants.__main__ import RECORDS, main
from library_suite.mutants.fates import NOT_RUN, Fate
from library_suite.mutants.page import HEADING, PAGE
from library_suite.mutants.parts import CodePart
from library_suite.mutants.survivors import FILE

pytestmark = [pytest.mark.promise("H11"), pytest.mark.timeout(600)]  # some mutants get a pytest of their own

SHOP = '''"""Prices."""

POSTAGE = 4


def price(count: int, each: int) -> int:
    """What so many cost."""
    if count > 10:
        each -= 1
    return count * each + POSTAGE


def boxes(count: int) -> int:
    full = 0
    while count > 0:
        count -= 6
        full += 1
    return full


def never_called() -> int:
    return 7
'''
TESTS = """
from shop import boxes, price

def test_eleven_are_cheaper():
    assert price(11, 3) == 26

def test_two_are_not():
    assert price(2, 3) == 10

def test_seven_need_two_boxes():
    assert boxes(7) == 2
    assert boxes(6) == 1
"""
EXPLANATION = """
[[survivor]]
path = "shop.py"
scope = "never_called"
was = "return 7"
because = "Nobody calls it."
"""
PART = CodePart("shop", ("shop.py",), ("test_shop.py",))


@dataclass(frozen=True)
class MutantsRun:
    exit_code: int
    printed: str
    fates: dict[str, dict[str, str]]
    """By the change, as “line → line”."""


def run(root: Path, *arguments: str) -> MutantsRun:
    with redirect_stdout(StringIO()) as printed:
        exit_code = main([*arguments], root, [PART])
    lines = (root / RECORDS / "shop.jsonl").read_text(encoding="utf-8").splitlines()
    fates = {said["key"].rpartition(" · ")[2]: said for said in map(json.loads, lines) if "key" in said}
    return MutantsRun(exit_code, printed.getvalue(), fates)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project").resolve()
    (root / "docs").mkdir()
    (root / "e2e").mkdir()
    (root / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    (root / "shop.py").write_text(SHOP)
    (root / "test_shop.py").write_text(TESTS)
    (root / PAGE).write_text(f"Written by hand.\n\n{HEADING}\nOld.\n")
    (root / FILE).write_text(EXPLANATION)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    subprocess.run(["git", "add", "--all"], cwd=root, check=True)
    return root


@pytest.fixture(scope="module")
def first_run(project: Path) -> MutantsRun:
    return run(project, "--jobs", "1")


def test_every_mutant_is_judged(first_run: MutantsRun) -> None:
    assert len(first_run.fates) == 21
    by_fate = {fate: [key for key, said in first_run.fates.items() if said["fate"] == fate] for fate in Fate}
    assert by_fate[Fate.SURVIVED] == ["if count > 10: → if count >= 10:", "return 7 → return 8"]
    assert by_fate[Fate.TIMED_OUT] == ["count -= 6 → pass"]


def test_a_mutant_names_the_test_that_killed_it(first_run: MutantsRun) -> None:
    assert first_run.fates["full += 1 → pass"]["by"] == "test_shop.py::test_seven_need_two_boxes"


def test_what_counts_while_a_module_is_loaded_is_judged_too(first_run: MutantsRun) -> None:
    assert first_run.fates["POSTAGE = 4 → POSTAGE = 5"]["fate"] == Fate.KILLED


def test_a_survivor_that_nobody_explains_is_a_failure(first_run: MutantsRun) -> None:
    assert first_run.exit_code == 1
    assert "survived: shop.py · price · if count > 10: → if count >= 10:" in first_run.printed
    assert "| shop | 21 | 21 | 18 | 1 | 1 | 1 | 95.0 % | 0 | – |" in first_run.printed


def test_an_explained_survivor_is_not_said_again(first_run: MutantsRun) -> None:
    assert first_run.fates["return 7 → return 8"]["by"] == NOT_RUN
    assert "return 8" not in first_run.printed


def test_the_tree_is_not_touched(project: Path, first_run: MutantsRun) -> None:
    assert (project / "shop.py").read_text(encoding="utf-8") == SHOP
    done = subprocess.run(["git", "status", "--short"], cwd=project, capture_output=True, text=True, check=True)
    assert {line.split()[1] for line in done.stdout.splitlines() if line.startswith("??")} <= {"build/"}


def test_a_second_run_has_nothing_left_to_do(project: Path, first_run: MutantsRun) -> None:
    assert "21 mutants, 0 to be tried" in run(project).printed


def test_a_new_test_kills_what_survived(project: Path, first_run: MutantsRun) -> None:
    tests, records = project / "test_shop.py", project / RECORDS / "shop.jsonl"
    before = records.read_text(encoding="utf-8")
    tests.write_text(f"{TESTS}\ndef test_ten_are_not_cheaper():\n    assert price(10, 3) == 34\n")
    try:
        again = run(project, "--again", "--jobs", "1")
    finally:
        tests.write_text(TESTS)
        records.write_text(before, encoding="utf-8")
    assert "1 to be tried" in again.printed
    assert again.fates["if count > 10: → if count >= 10:"]["fate"] == Fate.KILLED
    assert again.exit_code == 0


def test_a_sample_is_drawn_and_no_more_is_tried(project: Path, first_run: MutantsRun) -> None:
    assert run(project, "--sample", "5", "--list").printed.count("shop.py · ") == 5
    records = project / RECORDS / "shop.jsonl"
    everything = records.read_text(encoding="utf-8")
    records.unlink()
    try:
        sample = run(project, "--sample", "5", "--jobs", "1")
    finally:
        records.write_text(everything, encoding="utf-8")
    assert "21 mutants, 5 to be tried" in sample.printed
    assert "| shop | 21 | 5 |" in sample.printed


def test_a_file_of_tests_that_needs_another_one_kills_nobody(project: Path) -> None:
    (project / "till.py").write_text("CHANGE = 4\n")
    (project / "test_opening.py").write_text("import till\n\ndef test_opening():\n    till.is_open = True\n")
    (project / "test_paying.py").write_text("import till\n\ndef test_paying():\n    assert till.is_open\n")
    subprocess.run(["git", "add", "till.py", "test_opening.py", "test_paying.py"], cwd=project, check=True)
    with redirect_stdout(StringIO()) as printed:
        main(["--jobs", "1"], project, [CodePart("till", ("till.py",), ("test_opening.py", "test_paying.py"))])
    assert "survived: till.py ·  · CHANGE = 4 → CHANGE = 5" in printed.getvalue()


def test_a_constant_is_tried_by_the_tests_that_take_it_from_its_module(project: Path) -> None:
    (project / "fees.py").write_text("FEE = 4\n\ndef is_due() -> bool:\n    return True\n")
    (project / "test_due.py").write_text("import fees\n\ndef test_it_is_due():\n    assert fees.is_due()\n")
    (project / "test_fee.py").write_text("from fees import FEE\n\ndef test_it_costs_four():\n    assert FEE == 4\n")
    subprocess.run(["git", "add", "fees.py", "test_due.py", "test_fee.py"], cwd=project, check=True)
    with redirect_stdout(StringIO()) as printed:
        main(["--jobs", "1"], project, [CodePart("fees", ("fees.py",), ("test_due.py", "test_fee.py"))])
    assert "survived: " not in printed.getvalue()


def test_tests_that_fail_anyhow_judge_nothing(project: Path) -> None:
    (project / "test_failing.py").write_text("def test_that_fails():\n    assert False\n")
    subprocess.run(["git", "add", "test_failing.py"], cwd=project, check=True)
    failing = CodePart("failing", ("shop.py",), ("test_failing.py",))
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as complaint:
        assert main(["--jobs", "1"], project, [failing]) == 2
    assert "do not pass without a mutant" in complaint.getvalue()
    assert not (project / RECORDS / "failing.jsonl").exists()


def test_the_page_keeps_what_is_written_by_hand(project: Path, first_run: MutantsRun) -> None:
    run(project, "--page")
    page = (project / PAGE).read_text(encoding="utf-8")
    assert page.startswith(f"Written by hand.\n\n{HEADING}\n| part |")
    assert "Old." not in page
    assert "```diff\n@@ shop.py:8 in price: not explained yet\n- if count > 10:\n+ if count >= 10:\n```\n" in page
    assert "- `shop.py`, `never_called` (1): Nobody calls it.\n" in page
