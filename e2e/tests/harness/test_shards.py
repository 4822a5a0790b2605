"""How a suite is dealt out to several machines: the plan, and pytest runs of its parts."""

import argparse
import json
from collections import Counter

import pytest

from cookie_harness.recorded_durations import read_durations
from cookie_harness.shards import Shard, costs_of, in_order, plan, unit_of
from library_suite.promises import DURATIONS_FILE

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.promise("H18")

TESTS = """
import pytest


@pytest.mark.parametrize("turn", range(2))
def test_says_who_it_is(browser_name, turn):
    pass
"""


@pytest.mark.parametrize(("text", "shard"), [("1/1", Shard(1, 1)), ("2/4", Shard(2, 4)), ("12/12", Shard(12, 12))])
def test_a_shard_is_read_as_it_is_written(text: str, shard: Shard) -> None:
    assert Shard.parse(text) == shard
    assert str(shard) == text


@pytest.mark.parametrize("text", ["", "2", "0/4", "5/4", "1/0", "-1/4", "1/4/2", "a/b", "1/ 4", "²/4"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no shard"):
        Shard.parse(text)


def test_a_unit_costs_what_its_tests_took() -> None:
    durations = {"a.py::test_x[firefox]": 2.0, "a.py::test_y[firefox]": 3.0, "a.py::test_x[chromium]": 1.0}
    assert costs_of(["a.py firefox", "a.py chromium"], durations) == {"a.py firefox": 5.0, "a.py chromium": 1.0}


def test_a_new_file_costs_the_median_of_those_that_are_known() -> None:
    durations = {"a.py::test_x": 1.0, "b.py::test_x": 3.0, "c.py::test_x": 50.0}
    assert costs_of(["new.py"], durations) == {"new.py": 3.0}
    assert costs_of(["new.py", "newer.py"], {}) == {"new.py": 1.0, "newer.py": 1.0}


def test_a_folder_that_is_kept_together_is_one_unit() -> None:
    durations = {"t/deep/a.py::test_x[firefox]": 2.0, "t/deep/b.py::test_x": 3.0, "t/deeper.py::test_x": 7.0}
    assert costs_of(["t/deep", "t/deeper.py"], durations, ["t/deep"]) == {"t/deep": 5.0, "t/deeper.py": 7.0}


@pytest.mark.parametrize("shards", range(1, 9))
def test_each_unit_is_in_exactly_one_shard(shards: int) -> None:
    costs = {f"{number}.py": float(number % 3) for number in range(7)}
    dealt = plan(costs, shards)
    assert len(dealt) == shards
    assert Counter(unit for units in dealt for unit in units) == Counter(costs.keys())


def test_the_plan_depends_on_no_order_of_collection() -> None:
    costs = {"a.py": 1.0, "b.py": 1.0, "c.py": 1.0, "d.py": 2.0}
    assert plan(costs, 2) == plan(dict(reversed(costs.items())), 2) == [["d.py", "c.py"], ["a.py", "b.py"]]


def test_the_longest_of_four_shards_of_this_suite_is_hardly_a_third() -> None:
    durations = read_durations(DURATIONS_FILE)
    together = ["e2e/tests/cluster"]  # as in scripts/test
    costs = costs_of({unit_of(test, together) for test in durations}, durations, together)
    loads = [sum(costs[unit] for unit in units) for units in plan(costs, 4)]
    assert max(loads) <= 0.32 * sum(loads)


def test_what_takes_longest_comes_first_but_one_engine_after_the_other() -> None:
    costs = {
        "a.py chromium": 5.0,
        "a.py firefox": 2.0,
        "b.py chromium": 1.0,
        "b.py firefox": 6.0,
        "short.py": 1.0,
        "t/cluster": 3.0,
    }
    assert in_order(costs) == [
        *("t/cluster", "short.py"),
        *("b.py firefox", "a.py firefox"),
        *("a.py chromium", "b.py chromium"),
    ]


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Three files in two engines, of which two files are known."""
    monkeypatch.setenv("PYTHONPATH", str(DURATIONS_FILE.parent))
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:django -p no:cacheprovider")
    pytester.makeconftest('pytest_plugins = ["cookie_harness.plugin"]')
    pytester.makepyfile(test_a=TESTS, test_b=TESTS, test_c=TESTS)
    name = "test_{}.py::test_says_who_it_is[{}-0]".format
    known = {name(file, engine): 1.0 for file in "ab" for engine in ("chromium", "firefox")}
    pytester.path.joinpath("durations.json").write_text(json.dumps({"seconds": known}), encoding="utf-8")
    return pytester


def passed(suite: pytest.Pytester, *arguments: str) -> list[str]:
    """The tests that passed in a run."""
    result = suite.runpytest_subprocess("-rp", "--recorded-durations", "durations.json", *arguments)
    return [line.removeprefix("PASSED ") for line in result.outlines if line.startswith("PASSED ")]


def test_all_shards_together_run_each_test_once(suite: pytest.Pytester) -> None:
    whole = passed(suite)
    assert len(whole) == 12
    shards = [
        passed(suite, "--shard", "1/3"),
        passed(suite, "--shard", "2/3", "--numprocesses", "2", "--dist", "loadfile"),
        passed(suite, "--shard", "3/3"),
    ]
    assert all(shards)
    assert sorted(test for shard in shards for test in shard) == sorted(whole)
    units = [{unit_of(test) for test in shard} for shard in shards]
    assert sum(len(each) for each in units) == 6, "no file in one engine is divided"


def test_a_run_of_everything_takes_one_engine_after_the_other(suite: pytest.Pytester) -> None:
    name = "test_{}.py::test_says_who_it_is[{}-0]".format
    known = {
        name("b", "chromium"): 9.0,
        name("c", "firefox"): 5.0,
        name("a", "firefox"): 3.0,
        name("a", "chromium"): 1.0,
    }
    suite.path.joinpath("durations.json").write_text(json.dumps({"seconds": known}), encoding="utf-8")
    # The other two are not known, and count as the median, 4 seconds.
    assert list(dict.fromkeys(unit_of(test) for test in passed(suite))) == [
        *("test_b.py chromium", "test_c.py chromium", "test_a.py chromium"),
        *("test_c.py firefox", "test_b.py firefox", "test_a.py firefox"),
    ]


def test_a_run_says_which_shard_it_is_and_refuses_what_is_none(suite: pytest.Pytester) -> None:
    suite.runpytest_subprocess("--shard", "1/3").stdout.fnmatch_lines(["shard 1 of 3: *"])
    refused = suite.runpytest_subprocess("--shard", "4/3")
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines(["*'4/3' is no shard: the second of four is 2/4."])
