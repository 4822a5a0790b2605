"""Whole runs of `python -m cookie_audit`, in both browsers."""

import json
from pathlib import Path
from typing import Any

import pytest

from cookie_audit import banner
from library_suite.cookie_names import CHOICE, SESSION
from library_suite.site import Site
from tests.audit.bad_site import DECLARATIONS, HOSTILE, Asked, BadSite
from tests.audit.runs import audit, audit_here, document_in, found, states_of

PAGES = 3
STATES = ["undecided", "granted", "withdrawn", "refused"]

pytestmark = [pytest.mark.promise("U8"), pytest.mark.timeout(360)]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites whose banner is there at once, or not at all: no need to wait for one that comes late."""
    for patience in ("BANNER_PATIENCE", "LAYER_PATIENCE"):
        monkeypatch.setattr(banner, patience, 700)


def kept(state: dict[str, Any]) -> set[str]:
    return {each["name"] for each in state["cookies"] if each["kept"]}


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
        assert kept(states["undecided"]) == set()
        assert kept(states["granted"]) >= {"visits", SESSION}
        for name in ("withdrawn", "refused"):
            assert kept(states[name]) == {CHOICE}, name
            assert {each["name"] for each in states[name]["sent"]} == {CHOICE}, name
            assert [each["line"].partition("=")[0] for each in states[name]["set_cookie"] if not each["deletes"]] == [
                CHOICE
            ]


@pytest.mark.usefixtures("impatient")
def test_a_bad_site_fails_and_each_finding_is_named_in_both_browsers(tmp_path: Path) -> None:
    """With its declarations in a file, a selector for its button, and every file that can be asked for."""
    file = tmp_path / "declared.json"
    file.write_text(json.dumps(DECLARATIONS), encoding="utf-8")
    files = {name: tmp_path / f"made.{name}" for name in ("junit", "sarif", "write-declarations")}
    with BadSite(declares=False) as site:
        done = audit_here(
            *(site.url, "--pages", str(PAGES), "--declarations", str(file), "--accept", "#banner button >> nth=0"),
            *("--output", str(tmp_path), *(part for name in files for part in (f"--{name}", str(files[name])))),
        )
    assert done.returncode == 1, done.stdout + done.stderr
    document = document_in(tmp_path)
    assert document["declarations"] == str(file)
    for browser in ("chromium", "firefox"):
        states = states_of(document, browser)
        assert found(document, browser) >= {
            ("before-consent", "undecided", "stat"),
            ("before-consent", "undecided", "stray"),
            ("undeclared", "undecided", "stray"),
            ("undeclared", "granted", "stray"),
            ("not-as-declared", "undecided", "choice"),
            ("store-before-consent", "undecided", "tracking-id"),
            ("refusal-ignored", "refused", "stat"),
            ("sent-after-refusal", "refused", "stat"),
            ("no-withdrawal", "withdrawn", ""),
        }
        assert ("undeclared", "granted", "stat") not in found(document, browser)
        assert "no way to take consent back" in states["withdrawn"]["not_run"]
        [press] = states["refused"]["pressed"]
        assert (press["role"], press["name"]) == ("button", "Refuse all")
        assert (tmp_path / "pictures" / press["picture_before"]).read_bytes().startswith(b"\x89PNG")
        assert [each["host"] for each in states["undecided"]["other_hosts"]] == [site.other_host]
        [away] = [each for each in states["undecided"]["pages"] if each["url"].endswith("/away")]
        assert away["note"] == f"leads to http://{site.other_host}/elsewhere"
        [by] = {
            each["by"]
            for each in document["findings"]
            if each["browser"] == browser and each["subject"] == "tracking-id"
        }
        assert by.startswith(f"{site.url}:"), "the script, with its line"
        assert f"before-consent: {browser}, undecided: cookie stray (127.0.0.1)" in done.stdout
    assert HOSTILE not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert [each for each in files.values() if not each.stat().st_size] == []
    assert_polite(site)


def assert_polite(site: BadSite) -> None:
    """Nothing but GET and the answer to the banner, no link to another host followed, no more pages than allowed."""
    assert {(each.method, each.path) for each in site.asked if each.method != "GET"} == {("POST", "/choice")}
    assert Asked("GET", site.other_host, "/pixel") in site.asked
    elsewhere = [each for each in site.asked if each.path == "/elsewhere"]
    assert len(elsewhere) == len([each for each in site.asked if each.path == "/away"]), "by a redirect alone"
    opened = [each for each in site.asked if each.path in ("/", "/away") or each.path.startswith("/page/")]
    # In each browser: arrivals of two visitors, three openings to press a button (one in vain), three crawls.
    assert len(opened) <= 2 * (2 + 3 + 3 * PAGES)


@pytest.mark.usefixtures("impatient")
def test_a_site_without_banner_and_declarations_is_not_taken_for_a_clean_one(tmp_path: Path) -> None:
    """In one browser: it was asked for one."""
    with BadSite(banner=False, declares=False) as site:
        done = audit_here(site.url, "--pages", "1", "--browser", "firefox", "--output", str(tmp_path))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "no declarations were found" in done.stdout
    document = document_in(tmp_path)
    assert document["declarations"] is None
    assert [each["name"] for each in document["browsers"]] == ["firefox"]
    states = states_of(document, "firefox")
    assert kept(states["undecided"]) == {"stat", "stray"}
    assert {kind for kind, _, _ in found(document, "firefox")} == {"before-consent", "store-before-consent"}
    assert all("no consent" in states[name]["not_run"] for name in STATES[1:])
    assert "judged by rule" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["library.example"], "the URL begins with http:// or https://"),
        (["http://127.0.0.1:1/"], "http://127.0.0.1:1/ can't be opened: "),
        (["http://127.0.0.1:1/", "--pages", "0"], "takes a whole number, 1 or more"),
        (["http://127.0.0.1:1/", "--declarations", "no-such-file.json"], "can't be read: No such file"),
        (["http://127.0.0.1:1/", "--declarations", "pyproject.toml"], "holds no declarations"),
        (["http://127.0.0.1:1/", "--states", "dreaming"], "there is no state “dreaming”"),
        (["http://127.0.0.1:1/", "--delay", "soon"], "takes a number of seconds"),
    ],
)
def test_what_can_not_be_audited_ends_with_two_and_one_sentence(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    done = audit_here(*arguments, "--output", str(tmp_path))
    assert done.returncode == 2
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("impatient")
def test_a_button_that_was_named_and_is_not_there_ends_with_two(tmp_path: Path) -> None:
    with BadSite() as site:
        done = audit_here(site.url, "--pages", "1", "--accept", "#no-such-button", "--output", str(tmp_path))
    assert done.returncode == 2
    assert "the button “#no-such-button” is not on" in done.stderr.splitlines()[-1]
