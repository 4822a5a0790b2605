"""Whole runs of `python -m cookie_audit`, in both browsers, each in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from library_suite.cookie_names import CHOICE, SESSION
from library_suite.site import Site
from tests.audit.bad_site import DECLARATIONS, HOSTILE, Asked, BadSite

ROOT = Path(__file__).resolve().parents[3]
PAGES = 3
STATES = ["undecided", "granted", "withdrawn", "refused"]

pytestmark = [pytest.mark.promise("U8"), pytest.mark.timeout(360)]


def audit(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cookie_audit", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def document_in(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    return document


def states_of(document: dict[str, Any], browser: str) -> dict[str, dict[str, Any]]:
    [states] = [each["states"] for each in document["browsers"] if each["name"] == browser]
    return {each["state"]: each for each in states}


def verdicts(state: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["verdict"] for each in state["cookies"]}


def test_this_site_is_clean_in_both_browsers_before_and_after_consent(library: Site, tmp_path: Path) -> None:
    done = audit(f"{library.url}/", "--pages", str(PAGES), "--output", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 findings." in done.stdout
    document = document_in(tmp_path)
    assert document["format"] == "cookie-audit/2"
    assert document["clean"] is True
    assert document["declarations"] == f"{library.url}/cookies.json"
    assert [each["name"] for each in document["browsers"]] == ["chromium", "firefox"]
    for browser in ("chromium", "firefox"):
        states = states_of(document, browser)
        assert list(states) == STATES
        assert [len(states[name]["pages"]) for name in STATES] == [PAGES] * 4
        assert verdicts(states["undecided"]) == {}
        assert verdicts(states["granted"]).items() >= {"visits": "allowed", SESSION: "allowed"}.items()
        for name in ("withdrawn", "refused"):
            assert set(verdicts(states[name])) == {CHOICE}, name
            assert [each["line"].partition("=")[0] for each in states[name]["set_cookie"] if not each["deletes"]] == [
                CHOICE
            ]


def test_a_bad_site_fails_and_each_finding_is_named_in_both_browsers(tmp_path: Path) -> None:
    """With its declarations in a file, and a selector for its button."""
    file = tmp_path / "declared.json"
    file.write_text(json.dumps(DECLARATIONS), encoding="utf-8")
    with BadSite(declares=False) as site:
        done = audit(
            *(site.url, "--pages", str(PAGES), "--declarations", str(file), "--accept", "#banner button >> nth=0"),
            *("--output", str(tmp_path)),
        )
    assert done.returncode == 1, done.stdout + done.stderr
    document = document_in(tmp_path)
    assert document["declarations"] == str(file)
    for browser in ("chromium", "firefox"):
        states = states_of(document, browser)
        assert verdicts(states["undecided"]) == {
            "choice": "not as declared",
            "stat": "without consent",
            "stray": "undeclared",
        }
        assert verdicts(states["granted"])["stat"] == "allowed"
        assert verdicts(states["refused"])["stat"] == "without consent"
        assert "is not on" in states["withdrawn"]["not_run"]
        assert [(each["store"], each["key"]) for each in states["undecided"]["stored"]] == [
            ("localStorage", "tracking-id")
        ]
        assert [each["host"] for each in states["undecided"]["other_hosts"]] == [site.other_host]
        [away] = [each for each in states["undecided"]["pages"] if each["url"].endswith("/away")]
        assert away["note"] == f"leads to http://{site.other_host}/elsewhere"
        for words in (
            "cookie stray (127.0.0.1): undeclared",
            "cookie stat (127.0.0.1): without consent",
            "cookie choice (127.0.0.1): not as declared; http_only is True",
            "localStorage tracking-id: undeclared",
        ):
            assert f"{browser}, undecided: {words}" in done.stdout
    assert HOSTILE not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert_polite(site)


def assert_polite(site: BadSite) -> None:
    """Nothing but GET and the answer to the banner, no link to another host followed, no more pages than allowed."""
    assert {(each.method, each.path) for each in site.asked if each.method != "GET"} == {("POST", "/choice")}
    assert Asked("GET", site.other_host, "/pixel") in site.asked
    elsewhere = [each for each in site.asked if each.path == "/elsewhere"]
    assert len(elsewhere) == len([each for each in site.asked if each.path == "/away"]), "by a redirect alone"
    opened = [each for each in site.asked if each.path in ("/", "/away") or each.path.startswith("/page/")]
    # In each browser: arrivals of two visitors, two openings to press a button (one more in vain), three crawls.
    assert len(opened) <= 2 * (2 + 3 + 3 * PAGES)


def test_a_site_without_banner_and_declarations_is_not_taken_for_a_clean_one(
    tmp_path: Path,
) -> None:
    """In one browser: it was asked for one."""
    with BadSite(banner=False, declares=False) as site:
        done = audit(site.url, "--pages", "1", "--browser", "firefox", "--output", str(tmp_path))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "no declarations were found" in done.stdout
    document = document_in(tmp_path)
    assert document["declarations"] is None
    assert [each["name"] for each in document["browsers"]] == ["firefox"]
    states = states_of(document, "firefox")
    assert verdicts(states["undecided"]) == {"stat": "undeclared", "stray": "undeclared"}
    assert all(states[name]["not_run"] for name in STATES[1:])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["library.example"], "the URL begins with http:// or https://"),
        (["http://127.0.0.1:1/"], "http://127.0.0.1:1/ can't be opened: "),
        (["http://127.0.0.1:1/", "--pages", "0"], "takes a whole number, 1 or more"),
        (["http://127.0.0.1:1/", "--declarations", "no-such-file.json"], "can't be read: No such file"),
        (["http://127.0.0.1:1/", "--declarations", "pyproject.toml"], "holds no declarations"),
    ],
)
def test_what_can_not_be_audited_ends_with_two_and_one_sentence(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    done = audit(*arguments, "--output", str(tmp_path))
    assert done.returncode == 2
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_button_that_was_named_and_is_not_there_ends_with_two(tmp_path: Path) -> None:
    with BadSite() as site:
        done = audit(site.url, "--pages", "1", "--accept", "#no-such-button", "--output", str(tmp_path))
    assert done.returncode == 2
    assert "the button “#no-such-button” is not on" in done.stderr.splitlines()[-1]
