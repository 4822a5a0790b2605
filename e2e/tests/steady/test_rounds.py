"""A verdict that changes under a load is found and named; where none does, that is said."""

import json
import re
from pathlib import Path

import pytest

from library_suite.site import CHECKOUT
from library_suite.steady.__main__ import CHANGED, HELD, NOT_DONE, main
from library_suite.steady.loads import LATE_VARIABLE
from library_suite.steady.report import HEADING, PAGE, page_of
from tests.harness.small_suite import SmallSuite, small_suite

pytestmark = [pytest.mark.promise("H20"), pytest.mark.timeout(300)]  # two start pytest twice each

ONLY_WHERE_RESPONSES_COME_AT_ONCE = f"""
import os

import pytest


@pytest.mark.promise("V2")
def test_it_hopes_for_an_answer():
    assert "{LATE_VARIABLE}" not in os.environ
"""


@pytest.fixture(scope="module")
def hoping(tmp_path_factory: pytest.TempPathFactory) -> SmallSuite:
    """A suite whose verdict depends on a load."""
    suite = small_suite(tmp_path_factory.mktemp("suite"))
    (suite.folder / "test_1.py").write_text(ONLY_WHERE_RESPONSES_COME_AT_ONCE, encoding="utf-8")
    return suite


def steady(suite: SmallSuite, rounds: Path, *arguments: str) -> int:
    """Run it in rounds, whose evidence goes into a folder."""
    # It loads a plugin that this suite has loaded already, of which pytest warns.
    selection = [str(suite.folder), "--browser", "chromium", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return main([*arguments, "--rounds", "1", "--workers", "1", "--", *selection], rounds)


def test_a_verdict_that_changes_under_a_load_is_named(
    hoping: SmallSuite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert steady(hoping, tmp_path, "latency") == CHANGED
    said = capsys.readouterr().out
    assert "latency 1: 3 tests, 2 verdicts, 2 changed, 0 seen otherwise" in said
    assert "  verdict: V2 in no browser: kept → broken\n" in said
    assert "  test: test_1.py::test_it_hopes_for_an_answer: kept (V2) → broken" in said
    assert "with each response 200 ms late, every verdict held in 0 of 1 rounds." in said


def test_a_round_in_which_every_verdict_holds_leaves_a_row(
    hoping: SmallSuite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Compared with evidence that is there already."""
    assert hoping.run("evidence") == pytest.ExitCode.OK
    capsys.readouterr()
    assert steady(hoping, tmp_path, "cpu", "--against", str(hoping.folder / "evidence")) == HELD
    said = capsys.readouterr().out
    assert said.startswith("cpu 1: 3 tests, 2 verdicts, none changed, 0 seen otherwise")
    assert "with one core taken away, every verdict held in 1 of 1 rounds." in said
    kept = json.loads((tmp_path / "cpu.json").read_text(encoding="utf-8"))
    assert kept["rounds"][0]["busy"] > 0
    assert HEADING in (CHECKOUT / PAGE).read_text(encoding="utf-8")
    page = page_of(f"By hand.\n\n{HEADING}\nan old table\n", [kept])
    assert page.startswith(f"By hand.\n\n{HEADING}\n| under |")
    assert re.search(r"\| one core taken away \(the busy process had \d+% of it\) \|", page)
    assert page.endswith("| 1 | 3 tests, 2 verdicts | 0 | 0 |\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["cpu", "--rounds", "1", "--", "/nowhere/test_nothing.py"], "The suite ended with 5"),
        (["none", "--against", "/nowhere"], "/nowhere: there is no such folder"),
        (["latency", "--", "e2e", "--base-url=https://library.example"], "leave --base-url out"),
        ([], "Say which load"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_sentence(
    arguments: list[str], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, tmp_path) == NOT_DONE
    assert complaint in capsys.readouterr().err
