"""The path of a test says in which project it runs."""

import subprocess
import sys

import pytest

from locallibrary.environment import CHECKOUT
from settings_by_path import folders_of

GATE = "site/consent_gate"
SESSIONS = "site/exact_sessions"


@pytest.mark.parametrize(
    ("asked", "ignored", "found"),
    [
        (["site/consent_gate/tests/test_gate.py"], [], {GATE}),
        (["site/consent_gate"], [], {GATE}),
        (["dashboard/privacy_dashboard/tests"], [], {"dashboard"}),
        (["site/catalog/tests/test_pages.py", "site/visits"], [], {"site"}),
        (["site"], [GATE, SESSIONS], {"site"}),
        (["site"], [], {"site", GATE, SESSIONS}),
        (["."], [], {"site", GATE, SESSIONS, "dashboard"}),
        (["site/exact_sessions"], [], {SESSIONS}),
        (["e2e/tests/test_counters.py"], [], set()),
        (["e2e", "site/catalog"], [], {"site"}),
    ],
)
def test_a_path_has_the_project_of_the_folder_it_is_in(asked: list[str], ignored: list[str], found: set[str]) -> None:
    paths, left_out = ([CHECKOUT / each for each in some] for some in (asked, ignored))
    assert set(folders_of(paths, CHECKOUT, left_out)) == found


def test_a_run_of_two_projects_says_which_runs_to_start() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "site/catalog", GATE],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 4, "pytest's exit code for a command that can't be"
    assert "“pytest site/consent_gate”" in run.stderr
