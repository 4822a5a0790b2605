"""The evidence of shards put together: equal to a single run's, and never silent about what is missing."""

import html
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

import cookie_evidence
from cookie_evidence.command import FINDING, FINE, NOT_DONE, main
from tests.harness.small_suite import SmallSuite, small_suite

pytestmark = [pytest.mark.promise("U12"), pytest.mark.timeout(300)]  # the first test waits for three runs

SCHEMA = Path(cookie_evidence.__file__).with_name("schema.json")


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> SmallSuite:
    return small_suite(tmp_path_factory.mktemp("suite"))


@pytest.fixture(scope="module")
def runs(suite: SmallSuite) -> Path:
    """A folder with the evidence of a run of everything, and of each of two shards."""
    assert suite.run("whole") == pytest.ExitCode.OK
    assert suite.run("first", "--shard", "1/2") == pytest.ExitCode.OK
    assert suite.run("second", "--shard", "2/2") == pytest.ExitCode.OK
    return suite.folder


@pytest.fixture
def shards(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Both shards' evidence, to be spoiled; the working folder."""
    for name in ("first", "second"):
        shutil.copytree(runs / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def document_in(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "evidence.json").read_text("utf-8"))
    return document


def state_of(promise: str, document: dict[str, Any]) -> str:
    """The verdict on a promise that needs no browser."""
    [state] = [cell["state"] for each in document["promises"] if each["id"] == promise for cell in each["cells"]]
    return str(state)


def change(folder: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    document = document_in(folder)
    edit(document)
    (folder / "evidence.json").write_text(json.dumps(document), encoding="utf-8")


def without_times(value: Any) -> Any:
    """A document without what may differ between two runs."""
    if isinstance(value, dict):
        left_out = {"seconds", "made_at", "command"}
        return {key: without_times(each) for key, each in value.items() if key not in left_out}
    return [without_times(each) for each in value] if isinstance(value, list) else value


def page_without_times(folder: Path, page: str) -> str:
    text = (folder / page).read_text("utf-8")
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:+]+|\d+\.\d s|<td>pytest [^<]*", "", text)


def test_shards_merge_into_the_evidence_of_a_single_run(shards: Path, runs: Path) -> None:
    assert document_in(shards / "second")["shard"] == {"index": 2, "of": 2}
    assert main(["merge", "second", "first", "--to", "merged"]) == FINE
    merged = document_in(shards / "merged")
    jsonschema.validate(merged, json.loads(SCHEMA.read_text("utf-8")))
    assert without_times(merged) == without_times(document_in(runs / "whole"))
    assert "--shard" not in merged["about"]["command"]
    for page in ("index.html", "tests/test_1.html", "tests/test_2.html", "summary.md"):
        assert page_without_times(shards / "merged", page) == page_without_times(runs / "whole", page)
    pictures = [
        sorted(file.name for file in (each / "pictures").iterdir()) for each in (shards / "merged", runs / "whole")
    ]
    assert pictures[0] == pictures[1] != []


def test_merged_shards_fit_into_one_file_too(shards: Path) -> None:
    assert main(["merge", "first", "second", "--to", "merged", "--evidence-single-file"]) == FINE
    assert 'src="data:image/jpeg' in (shards / "merged" / "index.html").read_text("utf-8")


def test_a_trace_is_taken_along_and_one_that_is_gone_is_not_linked(shards: Path) -> None:
    kept, gone = (document_in(shards / name)["tests"][0]["id"] for name in ("first", "second"))
    for name in ("first", "second"):
        change(shards / name, lambda document: document["tests"][0].update(trace="traces/some.zip"))
    (shards / "first/traces").mkdir(exist_ok=True)
    (shards / "first/traces/some.zip").write_bytes(b"what the browser did")
    assert main(["merge", "first", "second", "--to", "merged"]) == FINE
    traces = {test["id"]: test["trace"] for test in document_in(shards / "merged")["tests"]}
    assert (shards / "merged" / traces[kept]).read_bytes() == b"what the browser did"
    assert traces[gone] is None


def test_junit_reports_merge_into_one_with_every_test_once(shards: Path, runs: Path) -> None:
    assert main(["merge", "first", "second", "--to", "merged"]) == FINE
    [merged], [whole] = (
        ElementTree.parse(file).getroot() for file in (shards / "merged/junit.xml", runs / "whole.xml")
    )
    counts = ("tests", "errors", "failures", "skipped")
    assert [merged.get(name) for name in counts] == [whole.get(name) for name in counts]

    def names(suite: ElementTree.Element) -> list[str]:
        return sorted(str(case.get("name")) for case in suite.iter("testcase"))

    assert names(merged) == names(whole)


def remove(folder: Path) -> None:
    shutil.rmtree(folder)


def cut_off(folder: Path) -> None:
    file = folder / "evidence.json"
    file.write_text(file.read_text("utf-8")[:1000], encoding="utf-8")


def empty(folder: Path) -> None:
    (folder / "evidence.json").unlink()


def lose_a_key(folder: Path) -> None:
    change(folder, lambda document: document.pop("engines"))


def reach_for_a_file_outside(folder: Path) -> None:
    change(folder, lambda document: document["tests"][0].update(trace="../../secret.zip"))


def be_another_format(folder: Path) -> None:
    change(folder, lambda document: document.update(format="browser-evidence/9"))


def be_of_another_commit(folder: Path) -> None:
    change(folder, lambda document: document["about"].update(commit="0" * 40))


def have_another_browser(folder: Path) -> None:
    change(folder, lambda document: document["about"]["engines"].update(chromium="chromium 1.0"))


def have_other_promises(folder: Path) -> None:
    change(folder, lambda document: document["promises"][0].update(sentence="Another."))


def be_of_five(folder: Path) -> None:
    change(folder, lambda document: document["shard"].update(of=5))


def repeat_the_first(folder: Path) -> None:
    change(folder, lambda document: document.update(tests=document_in(folder.with_name("first"))["tests"]))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (remove, "second: there is no such folder"),
        (empty, "second: the folder has no evidence.json"),
        (cut_off, "it is cut off or damaged"),
        (lose_a_key, "something is missing from it, or it is of an older version"),
        (reach_for_a_file_outside, "../../secret.zip is not in its folder"),
        (be_another_format, "it is not of the format browser-evidence/1"),
        (be_of_another_commit, "it tested another commit than the others: 0000"),
        (have_another_browser, "it was run with another chromium than the others: chromium 1.0"),
        (have_other_promises, "it has other promises than the others"),
        (be_of_five, "it is of another number of shards than the others"),
        (repeat_the_first, "it ran again what shard 1 of 2 (first) ran"),
    ],
)
def test_a_shard_that_cannot_count_is_named_as_not_run_and_fails(
    shards: Path, spoil: Callable[[Path], None], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(shards / "second")
    assert main(["merge", "first", "second", "--to", "merged"]) == FINDING
    merged = document_in(shards / "merged")
    jsonschema.validate(merged, json.loads(SCHEMA.read_text("utf-8")))
    assert said in " ".join(merged["not_run"])
    assert said in capsys.readouterr().out
    assert {test["id"].partition("::")[0] for test in merged["tests"]} == {"test_1.py"}
    assert state_of("V3", merged) == "not run"
    assert merged["ended"] == "failed"
    assert f"Not run: {merged['not_run'][0]}" in html.unescape((shards / "merged/index.html").read_text("utf-8"))
    errors = ElementTree.parse(shards / "merged/junit.xml").findall(".//testcase[@name='not run']/error")
    assert [error.get("message") for error in errors] == [f"not run: {sentence}" for sentence in merged["not_run"]]


def test_a_shard_that_nobody_names_is_missed(shards: Path) -> None:
    assert main(["merge", "second", "--to", "merged"]) == FINDING
    assert document_in(shards / "merged")["not_run"] == ["shard 1 of 2: none of the folders has it"]


def test_a_shard_without_the_junit_report_that_others_have_is_missed(shards: Path) -> None:
    (shards / "second/junit.xml").write_text("<testsuites><testsu", encoding="utf-8")
    assert main(["merge", "first", "second", "--to", "merged"]) == FINDING
    assert document_in(shards / "merged")["not_run"] == ["shard 2 of 2 (second): it has no whole JUnit report"]


def test_where_no_run_has_a_junit_report_none_is_missed(shards: Path) -> None:
    for name in ("first", "second"):
        (shards / name / "junit.xml").unlink()
    assert main(["merge", "first", "second", "--to", "merged"]) == FINE
    assert document_in(shards / "merged")["not_run"] == []
    assert not (shards / "merged/junit.xml").exists()


def test_a_shard_of_another_number_stands_for_none_of_these(shards: Path) -> None:
    be_of_five(shards / "second")
    assert main(["merge", "first", "second", "--to", "merged"]) == FINDING
    assert "shard 2 of 2: none of the folders has it" in document_in(shards / "merged")["not_run"]


def test_runs_that_are_no_shards_merge_too(shards: Path) -> None:
    for name in ("first", "second"):
        change(shards / name, lambda document: document.update(shard=None))
    assert main(["merge", "first", "second", "--to", "merged"]) == FINE
    assert document_in(shards / "merged")["not_run"] == []


def test_a_merged_run_is_as_new_as_the_newest(shards: Path) -> None:
    change(shards / "first", lambda document: document["about"].update(made_at="2020-01-01T00:00:00+00:00"))
    newest = document_in(shards / "second")["about"]["made_at"]
    assert main(["merge", "first", "second", "--to", "merged"]) == FINE
    assert document_in(shards / "merged")["about"]["made_at"] == newest


def test_a_failure_in_one_shard_fails_the_merged_run(suite: SmallSuite, shards: Path) -> None:
    ended = suite.run("failing", "--shard", "2/2", "--maxfail", "1", environ={"BREAK": "yes"})
    assert ended == pytest.ExitCode.TESTS_FAILED
    failing = str(suite.folder / "failing")
    assert main(["merge", "first", failing, "--to", "merged"]) == FINDING
    merged = document_in(shards / "merged")
    assert state_of("V3", merged) == "broken"
    assert merged["not_run"] == [f"shard 2 of 2 ({failing}): it was cut short"]


def test_only_the_whole_must_be_complete_and_not_one_shard(
    suite: SmallSuite, shards: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suite.run("part", "-k", "answers", "--evidence-complete") == pytest.ExitCode.TESTS_FAILED
    assert suite.run("complete", "--shard", "2/2", "--evidence-complete") == pytest.ExitCode.OK
    assert main(["merge", "first", str(suite.folder / "complete"), "--to", "merged"]) == FINDING
    assert "not run: V1 in firefox · accept · lasting\nEvidence" in capsys.readouterr().out
    assert document_in(shards / "merged")["not_run"] == []
    assert main(["merge", "first", "second", "--to", "merged", "--evidence-complete"]) == FINDING


def test_nothing_but_evidence_is_overwritten_by_a_merge(shards: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shards / "notes").mkdir()
    (shards / "notes/mine.txt").touch()
    for target in ("notes", "first", "."):
        assert main(["merge", "first", "second", "--to", target]) == NOT_DONE
        assert "choose another folder to write to" in capsys.readouterr().err
    assert main(["merge", "nowhere", "--to", "merged"]) == NOT_DONE
    assert (shards / "notes/mine.txt").is_file()
