"""The audit is right on sites of the corpus, in runs of its own command; `scripts/bench audit` goes through all."""

from pathlib import Path

import pytest

from cookie_corpus.scoring import compared
from cookie_corpus.server import CorpusServer
from cookie_corpus.table import sites_named
from cookie_corpus.tools import audited

pytestmark = [pytest.mark.promise("U8"), pytest.mark.timeout(360)]

IN_BOTH = ["always-everywhere"]
IN_CHROMIUM = [
    "before-by-image-elsewhere",
    "frame-withdrawal-keeps",
    "purpose-brings-another",
    "refusal-two-clicks",
    "revived-from-etag",
    "right-csrf",
    "wall-of-glass",
]


def complaints_of_audit(name: str, browser_name: str, folder: Path) -> dict[str, list[tuple[str, str]]]:
    """What the audit of a site found that is not true, and what it missed."""
    [site] = sites_named([name])
    with CorpusServer(site) as server:
        [result] = audited(server.url, (browser_name,), folder)
    sheet = compared(site, browser_name, result.found)
    return {"false": sorted(sheet.false), "missed": sorted(sheet.missed)}


@pytest.mark.parametrize("name", IN_BOTH)
def test_the_audit_finds_in_both_engines_what_is_true_and_nothing_else(
    name: str, browser_name: str, tmp_path: Path
) -> None:
    assert complaints_of_audit(name, browser_name, tmp_path) == {"false": [], "missed": []}


@pytest.mark.only_browser("chromium")
@pytest.mark.parametrize("name", IN_CHROMIUM)
def test_the_audit_finds_what_is_true_and_nothing_else(name: str, tmp_path: Path) -> None:
    assert complaints_of_audit(name, "chromium", tmp_path) == {"false": [], "missed": []}
