"""The report of a run, in a pytest run of its own: what it shows, its schema, and that nothing but times differs."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cookie_evidence
from cookie_evidence.writer import engines_claimed
from tests.harness.small_suite import SmallSuite

pytestmark = pytest.mark.promise("U3")

SCHEMA = Path(cookie_evidence.__file__).with_name("schema.json")

PROMISES = """
[[group]]
id = "V"
title = "Visits are <counted>"

[[promise]]
id = "V1"
sentence = "A cookie comes back."
policies = ["accept"]
lifetimes = ["lasting", "until close"]

[[promise]]
id = "V2"
sentence = "A cookie comes back under another policy."
policies = ["block"]
lifetimes = ["lasting"]

[[promise]]
id = "V3"
sentence = "Something that breaks."
policies = ["accept"]
lifetimes = ["lasting"]
"""

CONFTEST = """
from pathlib import Path

from cookie_evidence import Subject

pytest_plugins = ["cookie_evidence.plugin"]


def pytest_evidence_subject():
    return Subject("A <site>", Path(__file__).with_name("promises.toml"), session_cookie="token-header")


def pytest_evidence_facts():
    return {"framework": "none"}
"""

TESTS = """
import pytest


@pytest.mark.promise("V1")
@pytest.mark.parametrize("age", [3600, None])
def test_a_cookie_comes_back(new_visitor, echo_site, age):
    page = new_visitor().new_page()
    page.goto(echo_site.set_url("token", max_age=age))
    page.goto(echo_site.received_url)
    assert "token-header=1" in echo_site.last_cookie_header


@pytest.mark.promise("V2")
def test_says_why_it_cannot_look():
    pytest.skip("there is no such site")


@pytest.mark.promise("V3")
def test_breaks(new_visitor, echo_site):
    new_visitor().new_page().goto(echo_site.url)
    assert False, "<on purpose>"
"""


ASKING_WEBKIT = """
from pathlib import Path

import pytest

from cookie_harness import BrowserSettings, CookiePolicy, Engine, Profile

WEBKIT = Engine("webkit", Path("pw_run.sh"), None, "27.2", "managed")


@pytest.mark.promise("V1")
def test_blocking(recorder, browser_type):
    Profile(Path("profile"), WEBKIT, browser_type, BrowserSettings(CookiePolicy.BLOCK), recorder=recorder).open()
"""


def links_of(page: str) -> set[str]:
    """The files that a page leads to or shows; not the places on itself, nor what is within it."""
    return {link.partition("#")[0] for link in re.findall(r'(?:src|href)="(?!#|data:)([^"]*)', page)}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> SmallSuite:
    """Three tests of their own."""
    folder = tmp_path_factory.mktemp("suite")
    for name, text in {"promises.toml": PROMISES, "conftest.py": CONFTEST, "test_visits.py": TESTS}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return SmallSuite(folder)


@pytest.fixture(scope="module")
def evidence(suite: SmallSuite) -> Path:
    """The folder that a run of all three left, for several tests to look into."""
    assert suite.run("evidence", "--tracing", "retain-on-failure") == pytest.ExitCode.TESTS_FAILED
    return suite.folder / "evidence"


def document_in(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "evidence.json").read_text("utf-8"))
    return document


def states_of(document: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        promise["id"]: {
            " ".join((cell["engine"], cell["policy"], cell["lifetime"])): cell["state"] for cell in promise["cells"]
        }
        for promise in document["promises"]
    }


def without_times(value: Any) -> Any:
    """A document without what may differ between two runs."""
    if isinstance(value, dict):
        return {key: without_times(each) for key, each in value.items() if key not in {"seconds", "made_at"}}
    return [without_times(each) for each in value] if isinstance(value, list) else value


def test_each_cell_says_what_was_seen_and_what_was_not_run(evidence: Path) -> None:
    document = document_in(evidence)
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))
    not_run = {f"firefox {kind}": "not run" for kind in ("accept lasting", "accept until close")}
    assert states_of(document) == {
        "V1": {"chromium accept lasting": "kept", "chromium accept until close": "kept", **not_run},
        "V2": {"chromium block lasting": "skipped", "firefox block lasting": "skipped"},
        "V3": {"chromium accept lasting": "broken", "firefox accept lasting": "not run"},
    }
    tests = {test["id"].partition("::")[2]: test for test in document["tests"]}
    seen = tests["test_a_cookie_comes_back[chromium-3600]"]["browsers"][0]
    assert seen["jar_before"] == []
    assert {cookie["name"]: cookie["ends"] for cookie in seen["jar_after"]} == {
        "token-header": "in 60 minutes",
        "token-script": "in 60 minutes",
    }
    assert seen["set_cookies"] == ["token-header=1; Path=/; Max-Age=3600"]
    assert (evidence / "pictures" / seen["screenshot"]).is_file()
    assert tests["test_says_why_it_cannot_look"]["reason"] == "there is no such site"
    assert (evidence / tests["test_breaks[chromium]"]["trace"]).is_file()
    assert document["about"]["facts"] == {"framework": "none"}
    assert (document["shard"], document["ended"], document["not_run"]) == (None, "failed", [])


def test_the_page_leads_to_what_each_test_saw_in_files_beside_it(evidence: Path) -> None:
    beside = evidence / "tests" / "test_visits.html"
    page, tests = (file.read_text("utf-8") for file in (evidence / "index.html", beside))
    assert "Visits are &lt;counted&gt;" in page
    assert "AssertionError: &lt;on purpose&gt;" in tests
    assert (page.count("<img "), tests.count("<img ")) == (0, 3)
    assert sorted(links_of(page)) == [f"tests/{beside.name}"]
    for link in links_of(tests):
        assert (beside.parent / link).is_file(), link
    assert {Path(link).parent.name for link in links_of(tests)} == {"..", "pictures", "traces"}
    fragments = set(re.findall(r'href="[^"#]*#([^"]+)', page + tests))
    assert fragments <= set(re.findall(r'id="([^"]+)', page + tests))


def test_one_file_holds_all_of_it_if_asked_for(suite: SmallSuite) -> None:
    suite.run("single", "--evidence-single-file")
    page = (suite.folder / "single" / "index.html").read_text("utf-8")
    assert "AssertionError: &lt;on purpose&gt;" in page
    assert page.count('<img loading="lazy" src="data:image/jpeg;base64,') == 3
    assert links_of(page) == set(), "it opens from disk, by itself"


def test_the_page_begins_with_what_was_promised_seen_and_not_seen(evidence: Path) -> None:
    page = (evidence / "index.html").read_text("utf-8")
    begun = re.sub(r"<[^>]+>|\s+", " ", page[page.index("<h1>") : page.index('id="matrix"')])
    said = [
        "3 promises were made. 0 of them were seen to be kept. 1 was broken. 2 were not looked at, or not everywhere.",
        "Firefox was not run.",
        "V3 Something that breaks. (chromium · accept · lasting) AssertionError: &lt;on purpose&gt;",
        "What was not looked at",
        "V2 A cookie comes back under another policy. (chromium · block · lasting) there is no such site",
    ]
    words = " ".join(begun.split())
    assert [sentence for sentence in said if sentence not in words] == []


def test_two_runs_differ_only_in_times_with_one_worker_or_two(suite: SmallSuite, evidence: Path) -> None:
    suite.run("spread", "--tracing", "retain-on-failure", "-n", "2")
    alone, spread = (without_times(document_in(folder)) for folder in (evidence, suite.folder / "spread"))
    for document in (alone, spread):
        document["about"].pop("command")
    assert alone == spread


def test_a_run_that_should_be_complete_fails_where_nobody_looked(suite: SmallSuite) -> None:
    assert suite.run("part", "-k", "says_why") == pytest.ExitCode.OK
    assert suite.run("complete", "-k", "says_why", "--evidence-complete") == pytest.ExitCode.TESTS_FAILED


def test_evidence_of_an_unknown_site_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["cookie_evidence.plugin"]', encoding="utf-8")
    assert SmallSuite(tmp_path).run("evidence") == pytest.ExitCode.USAGE_ERROR
    assert "implement the hook pytest_evidence_subject" in capsys.readouterr().out


def test_a_browser_that_cannot_be_told_a_policy_is_a_quirk_for_that_policy_alone(tmp_path: Path) -> None:
    promises = PROMISES.replace('["accept"]', '["accept", "block"]', 1)
    for name, text in {"promises.toml": promises, "conftest.py": CONFTEST, "test_webkit.py": ASKING_WEBKIT}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert SmallSuite(tmp_path).run("evidence") == pytest.ExitCode.OK
    document = document_in(tmp_path / "evidence")
    states = states_of(document)["V1"]
    assert states["chromium block lasting"] == "known quirk"
    assert states["chromium accept lasting"] == "not run"
    [test] = document["tests"]
    assert test["reason"] == "Playwright's webkit has no setting for cookies: block."


def test_every_promise_is_claimed_for_the_engines_of_a_run_that_names_none() -> None:
    assert engines_claimed(["firefox"]) == ("chromium", "firefox")
    assert engines_claimed(["webkit"]) == ("chromium", "firefox", "webkit")
