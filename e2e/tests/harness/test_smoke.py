"""What a smoke run chooses: a test for each group of promises in each engine."""

import subprocess
import sys
from dataclasses import replace

import pytest

from cookie_evidence import Promise, PromiseGroup, SessionLifetime, read_promises
from library_suite.promises import PROMISES_FILE
from library_suite.smoke import NO_PROOF, SmokeCandidate, choose

pytestmark = pytest.mark.promise("H17")

ENGINES = ("chromium", "firefox")


def group(name: str) -> PromiseGroup:
    return PromiseGroup(name, "a group", (Promise(f"{name}1", "A promise.", (), (SessionLifetime.LASTING,)),))


def candidate(name: str, engine: str | None, *promises: str) -> SmokeCandidate:
    return SmokeCandidate(f"{name}[{engine}]" if engine else name, engine, promises)


SLOW = candidate("slow", "chromium", "V1")
QUICK = candidate("quick", "chromium", "V1")
FIREFOX = candidate("slow", "firefox", "V1")
PURE = candidate("pure", None, "V1")
DURATIONS = {"slow[chromium]": 2.0, "quick[chromium]": 1.0, "slow[firefox]": 9.0, "pure": 0.01}


def test_the_quickest_test_of_a_group_is_chosen_in_each_engine() -> None:
    chosen = choose([group("V")], ENGINES, [SLOW, QUICK, FIREFOX, PURE], DURATIONS)
    assert chosen == ["quick[chromium]", "slow[firefox]"]


def test_a_test_of_unknown_length_is_chosen_where_there_is_no_other() -> None:
    new = candidate("new", "chromium", "V1")
    assert choose([group("V")], ["chromium"], [new, SLOW], DURATIONS) == ["slow[chromium]"]
    assert choose([group("V")], ["chromium"], [new], DURATIONS) == ["new[chromium]"]


def test_of_tests_of_unknown_length_everybody_chooses_the_same() -> None:
    candidates = [candidate(name, "chromium", "V1") for name in ("b", "a", "c")]
    assert choose([group("V")], ["chromium"], candidates, {}) == ["a[chromium]"]


def test_a_group_that_needs_no_browser_is_shown_without_one() -> None:
    assert choose([group("V")], ENGINES, [PURE], DURATIONS) == ["pure"]


def test_a_test_of_two_groups_counts_for_both() -> None:
    both = replace(QUICK, promises=("V1", "H1"))
    assert choose([group("V"), group("H")], ["chromium"], [both], DURATIONS) == ["quick[chromium]"]


def test_a_group_that_nothing_shows_is_an_error_and_not_passed_over() -> None:
    with pytest.raises(pytest.UsageError, match="a promise of group V in firefox"):
        choose([group("V")], ENGINES, [QUICK], DURATIONS)


def test_this_suite_has_a_test_for_each_of_its_groups_in_both_engines() -> None:
    """Asked of the suite itself, which is collected for it and not run."""
    root = PROMISES_FILE.parents[1]
    command = [sys.executable, "-m", "pytest", "e2e", "--smoke", "--collect-only", "-q", "-p", "no:cacheprovider"]
    said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    chosen = [line for line in said.stdout.splitlines() if "::" in line]
    assert len(chosen) <= len(ENGINES) * len(read_promises(PROMISES_FILE))
    assert NO_PROOF in said.stdout


def test_a_smoke_run_begins_with_what_is_quickest() -> None:
    slow = replace(SLOW, promises=("H1",))
    groups = [group("H"), group("V")]
    assert choose(groups, ["chromium"], [slow, QUICK], DURATIONS) == ["quick[chromium]", "slow[chromium]"]


def test_what_shares_a_dear_start_is_chosen_where_there_is_no_other() -> None:
    shared = replace(QUICK, shares_a_start=True)
    assert choose([group("V")], ["chromium"], [shared, SLOW], DURATIONS) == ["slow[chromium]"]
    assert choose([group("V")], ["chromium"], [shared], DURATIONS) == ["quick[chromium]"]
