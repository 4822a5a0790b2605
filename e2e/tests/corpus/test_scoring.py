"""How often a tool is right: the counting, its tables, and the reading of other tools' evidence."""

from pathlib import Path

import pytest

from cookie_corpus.accuracy_page import HEADING, Measurement, page_of, text_of
from cookie_corpus.scoring import KindScore, Sheet, compared, scores
from cookie_corpus.table import sites_named
from cookie_corpus.tools import COLLECTOR_CLAIMS, ToolFailed, collected, collection_of, findings_of

pytestmark = pytest.mark.promise("U8")

ALWAYS, NECESSARY, TWO_CLICKS, RIGHT = sites_named(
    ["before-by-image-elsewhere", "declared-as-necessary", "refusal-two-clicks", "right-plain"]
)


def parts(sheet: Sheet) -> list[frozenset[tuple[str, str]]]:
    return [sheet.right, sheet.false, sheet.missed]


def test_what_is_true_and_found_is_right_and_the_rest_is_missed() -> None:
    sheet = compared(TWO_CLICKS, "chromium", [("refusal-harder", "")])
    assert parts(sheet) == [{("refusal-harder", "")}, set(), set()]
    sheet = compared(TWO_CLICKS, "chromium", [("wall", "")])
    assert parts(sheet) == [set(), {("wall", "")}, {("refusal-harder", "")}]


def test_what_follows_from_another_finding_is_neither_false_nor_asked_for() -> None:
    found = [("not-necessary", "_ga"), ("before-consent", "_ga"), ("sent-after-refusal", "_ga")]
    sheet = compared(NECESSARY, "chromium", found)
    assert parts(sheet) == [{("not-necessary", "_ga")}, set(), set()]
    sheet = compared(ALWAYS, "firefox", [("purpose-ignored", "ad_id")])
    assert sheet.false == set()
    [worker] = sites_named(["before-by-worker"])
    sheet = compared(worker, "chromium", [("gpc-ignored", "/"), ("wall", "/")])
    assert sheet.false == {("wall", "/")}


def test_a_tool_is_asked_for_what_it_claims_alone_and_answers_for_all_it_says() -> None:
    sheet = compared(ALWAYS, "chromium", [("before-consent", "ad_id"), ("wall", "")], COLLECTOR_CLAIMS)
    assert sheet.right == {("before-consent", "ad_id")}
    assert sheet.missed == {("other-host-before-consent", "ads.localhost")}
    assert sheet.false == {("wall", "")}


def test_precision_and_recall_are_counted_for_each_kind_and_for_all() -> None:
    sheets = [
        compared(TWO_CLICKS, "chromium", [("refusal-harder", ""), ("wall", "")]),
        compared(TWO_CLICKS, "firefox", []),
        compared(RIGHT, "chromium", []),
    ]
    harder, wall, everything = scores(sheets)
    assert harder == KindScore("refusal-harder", 1, 0, 1)
    assert (harder.truths, harder.precision, harder.recall) == (2, 1.0, 0.5)
    assert wall == KindScore("wall", 0, 1, 0)
    assert (wall.precision, wall.recall) == (0.0, None)
    assert everything == KindScore("all", 1, 1, 1)


def test_the_page_keeps_what_is_written_by_hand_and_names_each_error() -> None:
    measured = Measurement("This audit", [compared(TWO_CLICKS, "chromium", [("wall", "")])], ["klaro-right: no npm."])
    page = page_of(f"# By hand\n\n{HEADING}old", [measured], "2026-11-30 at abc")
    assert page.startswith(f"# By hand\n\n{HEADING}\n`scripts/bench audit`, 2026-11-30 at abc.")
    assert "old" not in page
    assert "| refusal-harder | 1 | 0 | 0 | 1 |  | 0.00 |" in page
    for line in (
        "false: refusal-two-clicks, chromium: wall (banner)",
        "missed: refusal-two-clicks, chromium: refusal-harder (banner)",
        "left out: klaro-right: no npm.",
    ):
        assert f"- {line}" in page
        assert line in text_of(measured)


def test_an_audits_findings_are_read_by_browser_and_hosts_without_their_port() -> None:
    findings = [
        {"kind": "other-host-before-consent", "browser": "chromium", "subject": "ads.localhost:4321"},
        {"kind": "before-consent", "browser": "firefox", "subject": "a:1"},
    ]
    assert findings_of(findings, "chromium") == {("other-host-before-consent", "ads.localhost")}
    assert findings_of(findings, "firefox") == {("before-consent", "a:1")}


def test_a_collectors_evidence_is_read_as_findings_before_consent() -> None:
    inspection = {
        "cookies": [{"name": "a", "expiresDays": 400}, {"name": "b", "expiresDays": 3}, {"name": "c"}],
        "localStorage": {"http://127.0.0.1": {"d": {}}},
        "hosts": {"cookies": {"thirdParty": ["ads.localhost"]}, "requests": {"thirdParty": ["ads.localhost", "x"]}},
    }
    found = collection_of(inspection)
    assert found == {
        ("before-consent", "a"),
        ("before-consent", "b"),
        ("before-consent", "c"),
        ("too-long", "a"),
        ("store-before-consent", "d"),
        ("other-host-before-consent", "ads.localhost"),
    }
    assert {kind for kind, _ in found} == COLLECTOR_CLAIMS


@pytest.mark.parametrize(
    ("command", "sentence"),
    [("no-such-command", "no-such-command: "), ("sh -c 'echo what a pity >&2; exit 3'", "ended with 3: what a pity")],
)
def test_a_tool_that_fails_is_told_in_a_sentence(tmp_path: Path, command: str, sentence: str) -> None:
    with pytest.raises(ToolFailed) as caught:
        collected(command, "http://127.0.0.1:1/", tmp_path)
    assert str(caught.value).startswith(sentence)
