"""What the reports for people make of somebody else's words."""

import json
from pathlib import Path

import pytest

from cookie_audit.document import document
from cookie_audit.page import page
from cookie_audit.report import MOST_WEIGHTY, plain, weighty
from cookie_audit.text import lines
from cookie_harness.plugin import VisitorFactory
from library_suite.accessibility import faint_texts, violations
from tests.audit.seen import HOME, one_of_everything, report_of

pytestmark = pytest.mark.promise("U8")

HOSTILE = "<script>document.title='broken'</script>\x1b[31m\u202e"
REPORT = report_of(one_of_everything(HOSTILE))


def test_the_page_escapes_every_word_of_the_sites() -> None:
    text = page(REPORT)
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("&lt;script&gt;") >= 8
    assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text


def test_nothing_on_the_page_runs_and_it_fits_a_narrow_window(new_visitor: VisitorFactory, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(page(REPORT), encoding="utf-8")
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


def test_whoever_decides_reads_the_five_weightiest_kinds_first_with_a_question() -> None:
    text = page(REPORT)
    first = weighty(REPORT.findings())
    assert len(first) == MOST_WEIGHTY
    assert text.count("Ask the developers") == MOST_WEIGHTY
    assert text.index("Ask the developers") < text.index("For developers") < text.index("All findings")


def test_developers_read_what_sets_it_and_what_would_make_it_right() -> None:
    text = page(report_of(one_of_everything("stat"), None))
    assert f"{HOME}app.js:3:14" in text
    assert "CookieDeclaration(" in text
    assert "name=&#39;stat&#39;,\n" in text


def test_the_terminal_gets_no_control_character_of_the_sites() -> None:
    text = "\n".join(lines(REPORT))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert f"{len(REPORT.findings())} findings:" in text
    assert "undeclared" in text


def test_values_are_cut_short_everywhere() -> None:
    for text in (page(REPORT), "\n".join(lines(REPORT)), json.dumps(document(REPORT))):
        assert HOSTILE * 2 not in text
        assert plain(HOSTILE) * 2 not in text
    [cookie] = [each for each in document(REPORT)["browsers"][0]["states"][0]["cookies"] if "<script" in each["name"]][
        :1
    ]
    assert cookie["kept"]["value"] == f"{HOSTILE[:4]}…"
    assert cookie["kept"]["bytes"] == 9 * len(HOSTILE.encode())


def test_a_state_that_was_not_run_says_so_and_why() -> None:
    assert document(REPORT)["browsers"][0]["states"][1] == {"state": "granted", "not_run": plain(HOSTILE)}
    assert "Not run: &lt;script" in page(REPORT)
    assert any(line.startswith("granted: not run: <script") for line in lines(REPORT))


def test_control_characters_are_spelt_out_and_long_words_cut() -> None:
    assert plain("a\x1b[31m\nb") == "a\\x1b[31m\\nb"
    assert plain("x" * 200, 10) == "x" * 10 + "…"
    assert plain("x" * 200, None) == "x" * 200


def test_values_in_addresses_are_masked_as_those_of_cookies_are() -> None:
    text = (
        "sent with https://ads.example/p?id=3f9c2a7be1d04856&page=2#top; first on https://site.example/?q=a+long+search"
    )
    assert plain(text, None) == (
        "sent with https://ads.example/p?id=3f9c…&page=2#top; first on https://site.example/?q=a+lo…"
    )
