"""The reports for tools: JSON by its schema, JUnit, SARIF, a baseline, and drafted declarations."""

import ast
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

import cookie_audit
from cookie_audit.baseline import BaselineUnreadable, known_in
from cookie_audit.document import document
from cookie_audit.drafts import drafted
from cookie_audit.junit import junit
from cookie_audit.kinds import FindingKind
from cookie_audit.notebook import script_in
from cookie_audit.observation import ConsentState
from cookie_audit.page import page
from cookie_audit.sarif import sarif
from cookie_audit.text import lines
from tests.audit.seen import A_DAY, ENGINE, HOME, HOST, NOW, kept, one_of_everything, report_of, seen, site_seen

pytestmark = pytest.mark.promise("U8")

SCHEMA = json.loads(Path(cookie_audit.__file__).with_name("schema.json").read_text("utf-8"))


@pytest.mark.parametrize("text", ["stat", "\x1b[31m<script>\u202e"])
def test_the_document_is_as_its_schema_says(text: str) -> None:
    jsonschema.validate(document(report_of(one_of_everything(text))), SCHEMA)
    jsonschema.validate(document(report_of(site_seen(seen()), None)), SCHEMA)


def test_the_schema_knows_each_kind_of_finding() -> None:
    assert SCHEMA["$defs"]["kind"]["enum"] == [each.value for each in FindingKind]


def test_junit_fails_each_kind_that_was_found_and_skips_what_was_not_run() -> None:
    suite = ElementTree.fromstring(junit(report_of(one_of_everything())))[0]
    failed = {case.get("name") for case in suite if case.find("failure") is not None}
    assert {"before-consent", "refusal-harder", "wall", "too-long"} <= failed
    assert "gpc-ignored" not in failed
    assert [case.get("name") for case in suite if case.find("skipped") is not None] == ["granted"]
    assert [case.get("name") for case in suite if case.find("error") is not None] == ["refused"]
    assert suite.get("errors") == "1"
    assert suite.get("failures") == str(len(failed))
    assert suite.get("tests") == str(len(suite.findall("testcase")))


def test_junit_can_be_read_whatever_a_site_is_called() -> None:
    ElementTree.fromstring(junit(report_of(one_of_everything("\x1b]\x00<&\ufffe"))))


def test_sarif_names_the_rule_and_the_line_of_the_script() -> None:
    log = sarif(report_of(one_of_everything()))
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    assert rules == [each.value for each in FindingKind]
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in run["results"])
    places = [each["locations"][0]["physicalLocation"] for each in run["results"] if "cookie stat " in str(each)]
    assert places[0] == {"artifactLocation": {"uri": f"{HOME}app.js"}, "region": {"startLine": 3, "startColumn": 14}}
    assert all(each["partialFingerprints"]["cookieAudit/v1"] for each in run["results"])


def test_a_crawl_that_was_cut_short_is_told_in_every_format() -> None:
    report = report_of(site_seen(seen(cut_short="the browser was ended")))
    sentence = f"{ENGINE.name}, undecided: the browser was ended"
    assert report.cut_short() == (sentence,)
    assert report.findings() == ()
    told = document(report)
    assert told["clean"] is False
    assert told["browsers"][0]["states"][0]["cut_short"] == "the browser was ended"
    [invocation] = sarif(report)["runs"][0]["invocations"]
    assert not invocation["executionSuccessful"]
    assert sentence in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert "undecided: cut short: the browser was ended" in list(lines(report))
    assert f"Cut short: {sentence}." in page(report)
    assert "Clean" not in page(report)
    whole = report_of(site_seen(seen()))
    assert document(whole)["clean"] is True
    assert sarif(whole)["runs"][0]["invocations"][0]["executionSuccessful"]


def test_a_baseline_leaves_only_what_is_new(tmp_path: Path) -> None:
    earlier = report_of(site_seen(seen(ConsentState.UNDECIDED, kept("old"))), None)
    file = tmp_path / "audit.json"
    file.write_text(json.dumps(document(earlier)), encoding="utf-8")
    now = report_of(site_seen(seen(ConsentState.UNDECIDED, kept("old"), kept("new"))), None)
    compared = replace(now, known_before=known_in(file))
    assert [each.subject for each in compared.new_findings()] == ["new"]
    assert [each["new"] for each in document(compared)["findings"]] == [True, False]
    assert {each["baselineState"] for each in sarif(compared)["runs"][0]["results"]} == {"new", "unchanged"}
    assert replace(earlier, known_before=known_in(file)).new_findings() == ()


@pytest.mark.parametrize("text", ["no json", "[]", '{"format": "cookie-audit/1"}', '{"format": "cookie-audit/2"}'])
def test_a_baseline_that_is_none_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "audit.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineUnreadable, match=r"audit\.json"):
        known_in(file)
    with pytest.raises(BaselineUnreadable, match="can't be read"):
        known_in(tmp_path / "none.json")


def test_drafted_declarations_are_python_whatever_a_cookie_is_called() -> None:
    names = ("visits", 'a"b\\', "__import__('os')")
    jar = (kept(names[0], expires=NOW + 30 * A_DAY, http_only=False), kept(names[1]), kept(names[2], path="/shop"))
    text = drafted(HOME, report_of(site_seen(seen(ConsentState.GRANTED, *jar)), None).engines, HOST)
    calls = [
        {each.arg: ast.unparse(each.value) for each in node.args[0].keywords if isinstance(node.args[0], ast.Call)}
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "declare"
        if isinstance(node.args[0], ast.Call)
    ]
    assert {ast.literal_eval(each["name"]) for each in calls} == set(names)
    [visits] = [each for each in calls if each["name"] == "'visits'"]
    assert visits["lifetime"] == "timedelta(days=30)"
    assert visits["http_only"] == "False"


def test_a_cookie_of_another_host_is_not_declared_for_it() -> None:
    report = report_of(site_seen(seen(ConsentState.GRANTED, kept("id", domain="ads.example"))), None)
    assert "declare(" not in drafted(HOME, report.engines, HOST)


CHROMIUMS_STACK = """Error
    at tell (<anonymous>:4:95)
    at Object.apply (<anonymous>:7:98)
    at go (https://site.example/app.js:12:5)
    at https://site.example/app.js:99:1"""
FIREFOXS_STACK = """tell@https://site.example/:4:95
apply@https://site.example/:7:102
go@https://site.example/app.js:12:5
@https://site.example/app.js:99:1
"""


@pytest.mark.parametrize("stack", [CHROMIUMS_STACK, FIREFOXS_STACK])
def test_the_script_is_read_out_of_either_engines_stack(stack: str) -> None:
    assert script_in(stack) == "https://site.example/app.js:12:5"
    assert script_in("") == ""
