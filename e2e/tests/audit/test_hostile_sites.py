"""Sites that could keep an audit from ending: each ends in a sentence."""

from pathlib import Path

import pytest

from cookie_audit import banner, watchdog
from tests.audit.hostile_site import TRAPS, HostileSite
from tests.audit.runs import audit_here, document_in, found, states_of

pytestmark = [pytest.mark.promise("U8"), pytest.mark.timeout(360)]


@pytest.fixture(autouse=True)
def _no_banner(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of these sites has one, so none is waited for."""
    monkeypatch.setattr(banner, "BANNER_PATIENCE", 500)


def test_no_page_keeps_the_audit_from_the_next_one(tmp_path: Path) -> None:
    """Redirects without end, dialogs, downloads, huge headers, a page that never ends, windows, reloads, a flood."""
    with HostileSite() as site:
        done = audit_here(
            *(site.url, "--pages", str(len(TRAPS) + 1), "--page-seconds", "6", "--output", str(tmp_path)),
        )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    assert "/end" in site.asked
    document = document_in(tmp_path)
    for browser in ("chromium", "firefox"):
        undecided = states_of(document, browser)["undecided"]
        pages = {each["url"].rpartition("/")[2]: each for each in undecided["pages"]}
        assert set(pages) == {"", *TRAPS}
        assert pages["end"]["status"] == 200, pages["end"]
        for name in ("redirects", "download", "headers", "never"):
            assert pages[name]["note"], name
        assert undecided["cookies"] == [], "what a page only says that it wrote is not believed"


@pytest.mark.parametrize(("name", "busy"), [("chromium", "busy"), ("firefox", "")])
def test_a_page_that_never_gives_the_processor_back_ends_in_a_sentence(
    tmp_path: Path, name: str, busy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start page, of which nothing is left to say, or a later one: what was seen until then is kept."""
    monkeypatch.setattr(watchdog, "_PAGES_A_STEP", 2.5)  # no step of these takes long, but for the one that never ends
    with HostileSite(busy=busy) as site:
        done = audit_here(site.url, "--browser", name, "--page-seconds", "2", "--output", str(tmp_path))
    assert "kept the browser busy" in done.stdout, done.stdout + done.stderr
    document = document_in(tmp_path)
    undecided = states_of(document, name)["undecided"]
    assert f"it was ended ({site.url}{busy})" in undecided["cut_short"]
    assert "kept the browser busy" in states_of(document, name)["granted"]["not_run"]
    if busy:
        assert done.returncode == 1
        assert [each["url"] for each in undecided["pages"]] == [site.url, f"{site.url}{busy}"]
        assert ("before-consent", "undecided", "early") in found(document, name)
    else:
        assert done.returncode == 2
        assert "not all was seen" in done.stderr.splitlines()[-1]
        assert document["clean"] is False
