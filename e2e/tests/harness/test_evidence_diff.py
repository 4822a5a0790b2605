"""Two runs compared: what changed in between is named, all of it, and times are not."""

import json
from pathlib import Path
from typing import Any

import pytest

from cookie_evidence.command import FINDING, FINE, NOT_DONE, main
from tests.harness.small_suite import small_suite

pytestmark = [pytest.mark.promise("U13"), pytest.mark.timeout(300)]  # the first test waits for three runs


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three runs: one, the same again, and one of a site that has changed."""
    suite = small_suite(tmp_path_factory.mktemp("suite"))
    assert suite.run("before") == pytest.ExitCode.OK
    assert suite.run("again") == pytest.ExitCode.OK
    changed = {"AGE": "7200", "BREAK": "yes"}
    assert suite.run("after", "--deselect", "test_2.py::test_it_answers_too", environ=changed) == 1
    return suite.folder


@pytest.fixture(autouse=True)
def _in_their_folder(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(runs)


def test_two_runs_of_the_same_differ_in_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "before", "again"]) == FINE
    assert capsys.readouterr().out.splitlines()[-1] == "Changed: nothing"


def test_each_verdict_test_cookie_and_line_that_changed_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "before", "after"]) == FINDING
    said = [line for line in capsys.readouterr().out.splitlines()[2:] if line]
    seen = "  test_1.py::test_a_cookie_comes_back[chromium], browser 1"
    old, new = (f"token-header=1; Path=/; Max-Age={age}" for age in (3600, 7200))
    ends = "1; ends in 60 minutes; SameSite=Lax → 1; ends in 2 hours; SameSite=Lax"
    assert said == [
        "verdict: V2 in no browser: kept → not run",
        "verdict: V3 in no browser: kept → broken",
        "test: test_2.py::test_it_answers_again: kept (V3) → broken: AssertionError: on purpose (V3)",
        "test: test_2.py::test_it_answers_too: gone: kept (V2)",
        f"cookie: token-header of 127.0.0.1/ in the jar after: {ends}",
        seen,
        f"cookie: token-script of 127.0.0.1/ in the jar after: {ends}",
        seen,
        f"line: Set-Cookie of token-header: {old} → {new}",
        seen,
        "Changed: verdict 2, test 2, cookie 2, line 1",
    ]


def test_a_comparison_as_json_names_where_each_change_was_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "before/evidence.json", "after", "--json"]) == FINDING
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["format"] == "browser-evidence-diff/1"
    assert found["circumstances"] == []
    [line] = [change for change in found["changes"] if change["kind"] == "line"]
    assert (line["test"], line["browser"]) == ("test_1.py::test_a_cookie_comes_back[chromium]", 1)
    assert line["before"].replace("3600", "7200") == line["after"]


def test_another_browser_is_told_beside_the_changes_and_is_none(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (runs / "before/evidence.json").read_text("utf-8")
    document = json.loads(text)
    document["about"]["engines"]["chromium"] = "chromium 999"
    document["promises"][0]["sentence"] = "A cookie comes back soon."
    Path("upgraded.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["diff", "before", "upgraded.json"]) == FINDING
    said = capsys.readouterr().out
    assert "circumstance: chromium: chromium " in said
    assert "→ chromium 999" in said
    assert said.splitlines()[-1] == "Changed: promise 1"


def test_what_cannot_be_compared_is_said_in_a_sentence(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cut.json").write_text('{"format": "browser-evid', encoding="utf-8")
    Path("short.json").write_text('{"format": "browser-evidence/1"}', encoding="utf-8")
    for other, why in {
        "nowhere": "there is no such folder",
        "cut.json": "it is cut off or damaged",
        "short.json": "not as schema.json says",
    }.items():
        assert main(["diff", "before", other]) == NOT_DONE
        assert why in capsys.readouterr().err
