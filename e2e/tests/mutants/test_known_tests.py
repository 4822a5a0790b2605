"""What is kept of an unchanged run, and what a change makes of it."""

from pathlib import Path

import pytest

from library_suite.mutants.tests import KnownTests, imports

pytestmark = pytest.mark.promise("H11")

SHOP, TILL, SHOP_TESTS, TILL_TESTS = "shop.py", "till.py", "tests/test_shop.py", "tests/test_till.py"
DIGESTS = dict.fromkeys((SHOP, TILL, SHOP_TESTS, TILL_TESTS), "as it was")
QUICK, SLOW, OTHER = f"{SHOP_TESTS}::test_quick", f"{SHOP_TESTS}::test_slow", f"{TILL_TESTS}::test_other"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    known = KnownTests(DIGESTS, {QUICK: 0.5, SLOW: 2.0, OTHER: 0.1}, unrepeatable=[OTHER])
    known.add(SHOP, 3, [SLOW, OTHER, QUICK, ""])
    known.add(SHOP, 4, [SLOW])
    known.write(tmp_path / "tests.json")
    return tmp_path / "tests.json"


def test_the_quickest_test_of_the_modules_own_file_comes_first(kept: Path) -> None:
    known = KnownTests.read(kept, DIGESTS)
    assert known.of_line(SHOP, 3) == [QUICK, SLOW, OTHER]
    assert known.of_line(SHOP, 5) == []
    assert known.files_of(SHOP) == [SHOP_TESTS, TILL_TESTS]


def test_a_module_that_no_test_runs_is_loaded_by_all(kept: Path) -> None:
    assert set(KnownTests.read(kept, DIGESTS).files_of(TILL)) == {SHOP_TESTS, TILL_TESTS}


def test_the_cost_of_tests_and_of_files_of_tests_is_known(kept: Path) -> None:
    known = KnownTests.read(kept, DIGESTS)
    assert known.cost([QUICK, OTHER]) == pytest.approx(0.6)
    assert known.cost([SHOP_TESTS]) == pytest.approx(2.5)


def test_a_changed_file_of_tests_is_noted_anew_and_no_other(kept: Path) -> None:
    known = KnownTests.read(kept, DIGESTS | {TILL_TESTS: "another"})
    assert set(known.seconds) == {QUICK, SLOW}
    assert known.of_line(SHOP, 3) == [QUICK, SLOW]
    assert known.unrepeatable == []


@pytest.mark.parametrize("changed", [SHOP, "tests/conftest.py"])
def test_any_other_change_makes_all_be_noted_anew(kept: Path, changed: str) -> None:
    known = KnownTests.read(kept, DIGESTS | {changed: "another"})
    assert known.seconds == {}
    assert known.of_line(SHOP, 4) == []


@pytest.mark.parametrize(
    ("written", "does"),
    [
        ("from shop.till import MOST\n", True),
        ("def test_it():\n    import shop.till\n", True),
        ("from shop.tills import MOST\n", False),
        ("from shop import prices\n", False),
        ('"""It says from shop.till import MOST."""\n', False),
    ],
)
def test_a_file_of_tests_that_takes_something_from_a_module_is_found(tmp_path: Path, written: str, does: bool) -> None:
    (tmp_path / "test_it.py").write_text(written, encoding="utf-8")
    assert imports(tmp_path / "test_it.py", "shop.till") is does
