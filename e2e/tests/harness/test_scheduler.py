"""How a suite is dealt out to several processes, in a pytest run of its own with two."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from cookie_harness.shards import unit_of
from library_suite.site import prepare_once

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.promise("H12")

E2E = Path(__file__).parents[2]

TESTS = """
import os
import pytest


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("browser_name", ["chromium", "firefox"])
def test_writes_down_who_ran_it(request, browser_name, turn):
    with open(request.config.rootpath / os.environ["PYTEST_XDIST_WORKER"], "a") as notes:
        notes.write(f"{request.path.stem} {browser_name}\\n")
"""


@pytest.mark.parametrize(
    ("test", "unit"),
    [
        ("tests/test_a.py::test_counts[firefox]", "tests/test_a.py firefox"),
        ("tests/test_a.py::test_counts[firefox-/books/1/]", "tests/test_a.py firefox"),
        ("tests/test_a.py::test_counts[accept-chromium]", "tests/test_a.py chromium"),
        ("tests/test_a.py::test_firefox_is_named_in_the_help", "tests/test_a.py"),
        ("tests/test_a.py::test_counts[foxfirefoxes]", "tests/test_a.py"),
    ],
)
def test_a_test_is_handed_out_with_its_file_and_engine(test: str, unit: str) -> None:
    assert unit_of(test) == unit


def test_the_tests_of_a_folder_can_be_kept_together_in_all_engines() -> None:
    assert unit_of("tests/a/test_b.py::test_counts[firefox]", ["tests/a"]) == "tests/a"
    assert unit_of("tests/a/test_c.py::test_counts[chromium]", ["tests/a"]) == "tests/a"
    assert unit_of("tests/ab.py::test_counts[chromium]", ["tests/a"]) == "tests/ab.py chromium"


def test_a_file_in_one_engine_runs_in_one_process_and_the_slowest_engine_first(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(E2E))
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:django -p no:playwright -p no:cacheprovider")
    pytester.makeconftest('pytest_plugins = ["cookie_harness.scheduler"]')
    pytester.makepyfile(test_a=TESTS, test_b=TESTS, test_c=TESTS)
    result = pytester.runpytest_subprocess("--numprocesses", "2", "--dist", "loadfile", "--no-loadscope-reorder")
    result.assert_outcomes(passed=24)
    workers = defaultdict(list)
    for notes in (pytester.path / "gw0", pytester.path / "gw1"):
        ran = notes.read_text("utf-8").splitlines()
        assert ran == sorted(ran, key=lambda unit: unit.endswith("chromium")), "Firefox before Chromium"
        for unit in dict.fromkeys(ran):
            workers[unit].append(notes.name)
    assert len(workers) == 6
    assert [unit for unit, names in workers.items() if len(names) > 1] == []


def test_data_are_prepared_once_for_all_workers(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        folder.mkdir()
        (folder / "library.sqlite3").touch()

    with ThreadPoolExecutor(3) as workers:
        folders = set(workers.map(partial(prepare_once, make=make), [tmp_path / "prepared"] * 3))
    assert folders == {tmp_path / "prepared"}
    assert len(made) == 1
    assert (tmp_path / "prepared" / "library.sqlite3").exists()


def test_data_that_could_not_be_prepared_are_nobodys(tmp_path: Path) -> None:
    def fail_half_way(folder: Path) -> None:
        folder.mkdir()
        raise RuntimeError("no space left")

    with pytest.raises(RuntimeError, match="no space left"):
        prepare_once(tmp_path / "prepared", make=fail_half_way)
    assert not (tmp_path / "prepared").exists()
    assert prepare_once(tmp_path / "prepared", make=Path.mkdir).is_dir()
