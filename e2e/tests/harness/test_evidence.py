"""The report of a run, in a pytest run of its own: what it shows, its schema, and that nothing but times differs."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cookie_evidence
from cookie_evidence.writer import engines_claimed

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.promise("U3")

E2E = Path(__file__).parents[2]
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


Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run of three tests in Chromium; gives back its document."""
    monkeypatch.setenv("PYTHONPATH", str(E2E))
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:django -p no:cacheprovider --browser chromium --evidence evidence")
    pytester.makeconftest(CONFTEST)
    pytester.makefile(".toml", promises=PROMISES)
    pytester.makepyfile(TESTS)

    def run(*arguments: str, ends: int = pytest.ExitCode.TESTS_FAILED) -> dict[str, Any]:
        assert pytester.runpytest_subprocess(*arguments).ret == ends
        document: dict[str, Any] = json.loads((pytester.path / "evidence" / "evidence.json").read_text("utf-8"))
        return document

    return run


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


def test_each_cell_says_what_was_seen_and_what_was_not_run(run: Run, pytester: pytest.Pytester) -> None:
    document = run("--tracing", "retain-on-failure")
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
    assert (pytester.path / "evidence" / "pictures" / seen["screenshot"]).is_file()
    assert tests["test_says_why_it_cannot_look"]["reason"] == "there is no such site"
    assert (pytester.path / "evidence" / tests["test_breaks[chromium]"]["trace"]).is_file()
    assert document["about"]["facts"] == {"framework": "none"}
    assert (document["shard"], document["ended"], document["not_run"]) == (None, "failed", [])


def test_the_page_leads_to_what_each_test_saw_in_files_beside_it(run: Run, pytester: pytest.Pytester) -> None:
    run("--tracing", "retain-on-failure")
    folder = pytester.path / "evidence"
    beside = folder / "tests" / "test_the_page_leads_to_what_each_test_saw_in_files_beside_it.html"
    page, tests = (file.read_text("utf-8") for file in (folder / "index.html", beside))
    assert "Visits are &lt;counted&gt;" in page
    assert "AssertionError: &lt;on purpose&gt;" in tests
    assert (page.count("<img "), tests.count("<img ")) == (0, 3)
    assert sorted(links_of(page)) == [f"tests/{beside.name}"]
    for link in links_of(tests):
        assert (beside.parent / link).is_file(), link
    assert {Path(link).parent.name for link in links_of(tests)} == {"..", "pictures", "traces"}
    fragments = set(re.findall(r'href="[^"#]*#([^"]+)', page + tests))
    assert fragments <= set(re.findall(r'id="([^"]+)', page + tests))


def test_one_file_holds_all_of_it_if_asked_for(run: Run, pytester: pytest.Pytester) -> None:
    run("--evidence-single-file")
    page = (pytester.path / "evidence" / "index.html").read_text("utf-8")
    assert "AssertionError: &lt;on purpose&gt;" in page
    assert page.count('<img loading="lazy" src="data:image/jpeg;base64,') == 3
    assert links_of(page) == set(), "it opens from disk, by itself"


def test_the_page_begins_with_what_was_promised_seen_and_not_seen(run: Run, pytester: pytest.Pytester) -> None:
    run()
    page = (pytester.path / "evidence" / "index.html").read_text("utf-8")
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


def test_two_runs_differ_only_in_times_with_one_worker_or_two(run: Run) -> None:
    alone = without_times(run())
    spread = without_times(run("-n", "2"))
    for document in (alone, spread):
        document["about"].pop("command")
    assert alone == spread


def test_a_run_that_should_be_complete_fails_where_nobody_looked(run: Run, pytester: pytest.Pytester) -> None:
    run("-k", "says_why", ends=pytest.ExitCode.OK)
    run("-k", "says_why", "--evidence-complete", ends=pytest.ExitCode.TESTS_FAILED)


def test_evidence_of_an_unknown_site_is_refused_in_words(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["cookie_evidence.plugin"]')
    result = pytester.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*implement the hook pytest_evidence_subject*"])


def test_a_browser_that_cannot_be_told_a_policy_is_a_quirk_for_that_policy_alone(
    run: Run, pytester: pytest.Pytester
) -> None:
    pytester.makefile(".toml", promises=PROMISES.replace('["accept"]', '["accept", "block"]', 1))
    pytester.makepyfile(ASKING_WEBKIT)
    document = run(ends=pytest.ExitCode.OK)
    states = states_of(document)["V1"]
    assert states["chromium block lasting"] == "known quirk"
    assert states["chromium accept lasting"] == "not run"
    [test] = document["tests"]
    assert test["reason"] == "Playwright's webkit has no setting for cookies: block."


def test_every_promise_is_claimed_for_the_engines_of_a_run_that_names_none() -> None:
    assert engines_claimed(["firefox"]) == ("chromium", "firefox")
    assert engines_claimed(["webkit"]) == ("chromium", "firefox", "webkit")
