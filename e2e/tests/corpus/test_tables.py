"""The corpus's tables, read without a browser."""

from pathlib import Path

import pytest

from cookie_audit.kinds import FindingKind
from cookie_corpus import pages
from cookie_corpus.table import MEANS, NECESSARY, STATES, TableError, all_sites, read_site, sites_named

pytestmark = pytest.mark.promise("U8")

SITES = all_sites()
HEAD = 'title = "A site"\n'


def site_in(folder: Path, text: str) -> Path:
    file = folder / "a-site.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    return file


def test_every_truth_is_told_in_the_words_of_the_audit() -> None:
    told = {truth.kind for site in SITES for truth in site.truths}
    assert told == {kind.value for kind in FindingKind}


def test_every_means_and_every_state_is_used_by_some_site() -> None:
    traces = [trace for site in SITES for trace in site.traces]
    assert {trace.by for trace in traces} == set(MEANS)
    assert {state for trace in traces for state in trace.states} == set(STATES)


def test_a_right_site_that_looks_wrong_says_why_and_has_no_truth() -> None:
    right = [site for site in SITES if site.looks_wrong]
    assert len(right) >= 9
    assert [site.name for site in right if site.truths] == []


def test_every_title_is_another_one() -> None:
    titles = [site.title for site in SITES]
    assert sorted(set(titles)) == sorted(titles)


def test_a_trace_that_needs_consent_comes_with_consent_alone_unless_told_otherwise(tmp_path: Path) -> None:
    text = '[[leaves]]\ncookie = "a"\nby = "header"\npurpose = "statistics"\n[[leaves]]\ncookie = "b"\nby = "header"\n'
    stat, necessary = read_site(site_in(tmp_path, text)).traces
    assert stat.states == ("granted",)
    assert necessary.states == STATES
    assert necessary.purpose == NECESSARY
    assert not stat.is_set("granted", frozenset({"marketing"}))
    assert stat.is_set("granted", frozenset({"statistics"}))
    assert necessary.is_set("granted", frozenset())


def test_truths_below_an_engine_hold_there_alone(tmp_path: Path) -> None:
    site = read_site(site_in(tmp_path, '[truth]\na = ["too-long"]\nbanner = ["wall"]\n[truth.firefox]\nb = ["wall"]\n'))
    assert site.truths_in("chromium") == {("too-long", "a"), ("wall", "")}
    assert site.truths_in("firefox") == {("too-long", "a"), ("wall", ""), ("wall", "b")}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("leaves = [", "a-site.toml: "),
        ('banner = "none"\n', "no banner is called “none”"),
        ('colour = "red"\n', "unexpected keyword argument 'colour'"),
        ("[options]\ncolour = 1\n", "`options` has colour, and may have act, "),
        ('[[leaves]]\nby = "header"\n', "names one of cookie, localStorage"),
        ('[[leaves]]\ncookie = "a"\nby = "magic"\n', "`by` is one of header, "),
        ('[[leaves]]\ncookie = "a"\nby = "header"\nin = ["asleep"]\n', "`in` names asleep"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(TableError) as caught:
        read_site(site_in(tmp_path, text))
    assert sentence in str(caught.value)


def test_a_site_that_is_not_there_is_named() -> None:
    with pytest.raises(TableError, match="No site of the corpus is called “no-such-site”"):
        sites_named(["no-such-site"])


def test_the_plain_banners_speak_six_languages() -> None:
    assert {site.language for site in SITES} == {"en", "de", "fr", "es", "it", "pl"}
    words = [pages.words(site.language) for site in SITES]
    assert all(each.keys() == words[0].keys() for each in words)
