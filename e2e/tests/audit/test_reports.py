"""What the reports make of somebody else's words."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cookie_audit.document import document
from cookie_audit.judge import judge
from cookie_audit.observation import ConsentState, NotRun, OpenedPage, OtherHost, StoredItem
from cookie_audit.page import page
from cookie_audit.report import EngineAudit, Report, plain
from cookie_audit.text import lines
from cookie_harness import Engine
from cookie_harness.plugin import VisitorFactory
from library_suite.accessibility import faint_texts, violations
from tests.audit.seen import DECLARED, HOME, HOST, NOW, kept, seen

pytestmark = pytest.mark.promise("U8")

HOSTILE = "<script>document.title='broken'</script>\x1b[31m\u202e"
ENGINE = Engine("chromium", Path("/usr/bin/chromium"), None, "156.0", "system")


def report_of_hostile_words() -> Report:
    """A site that says HOSTILE wherever a site can say anything."""
    observation = replace(
        seen(ConsentState.UNDECIDED, kept(HOSTILE, value=HOSTILE * 9, path=HOSTILE), kept("choice")),
        pages=(OpenedPage(f"{HOME}{HOSTILE}", None, HOSTILE),),
        stored=(StoredItem("localStorage", HOSTILE, HOSTILE),),
        other_hosts=(OtherHost(HOSTILE, HOSTILE),),
    )
    states = tuple(judge(each, DECLARED, HOST) for each in (observation, NotRun(ConsentState.GRANTED, HOSTILE)))
    return Report(HOME, datetime.fromtimestamp(NOW, UTC), 30, None, (EngineAudit(ENGINE, states),))


def test_the_page_escapes_every_word_of_the_sites() -> None:
    text = page(report_of_hostile_words())
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("&lt;script&gt;") >= 8
    assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text


def test_nothing_on_the_page_runs_and_it_fits_a_narrow_window(new_visitor: VisitorFactory, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(page(report_of_hostile_words()), encoding="utf-8")
    opened = new_visitor(dark=True).new_page()
    opened.goto(file.as_uri())
    assert opened.title() == f"Cookies of {HOME}"
    assert opened.get_by_role("table").count() >= 4
    assert opened.locator("script").count() == 0
    assert opened.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert faint_texts(opened) == []
    assert violations(opened) == []
    opened.set_viewport_size({"width": 320, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_terminal_gets_no_control_character_of_the_sites() -> None:
    text = "\n".join(lines(report_of_hostile_words()))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "2 findings:" in text
    assert "undeclared" in text


def test_values_are_cut_short_everywhere() -> None:
    report = report_of_hostile_words()
    for text in (page(report), "\n".join(lines(report)), json.dumps(document(report))):
        assert HOSTILE * 2 not in text
        assert text.count("broken") < 30
    [cookie] = [
        each for each in document(report)["browsers"][0]["states"][0]["cookies"] if each["verdict"] != "allowed"
    ]
    assert cookie["kept"]["value"] == f"{HOSTILE[:4]}…"
    assert cookie["kept"]["bytes"] == 9 * len(HOSTILE.encode())


def test_a_state_that_was_not_run_says_so_and_why() -> None:
    report = report_of_hostile_words()
    assert document(report)["browsers"][0]["states"][1] == {"state": "granted", "not_run": plain(HOSTILE)}
    assert "Not run: &lt;script" in page(report)
    assert any(line.startswith("not run: <script") for line in lines(report))


def test_control_characters_are_spelt_out_and_long_words_cut() -> None:
    assert plain("a\x1b[31m\nb") == "a\\x1b[31m\\nb"
    assert plain("x" * 200, 10) == "x" * 10 + "…"
    assert plain("x" * 200, None) == "x" * 200
