"""Sites that could keep an audit from ending: each ends in a sentence."""

from pathlib import Path

import pytest

from tests.audit.hostile_site import TRAPS, HostileSite
from tests.audit.test_command import audit, document_in, states_of

pytestmark = [pytest.mark.promise("U8"), pytest.mark.timeout(360)]


def test_no_page_keeps_the_audit_from_the_next_one(tmp_path: Path) -> None:
    """Redirects without end, dialogs, downloads, huge headers, a page that never ends, windows, reloads, a flood."""
    with HostileSite() as site:
        done = audit(
            *(site.url, "--pages", str(len(TRAPS) + 1), "--page-seconds", "8", "--output", str(tmp_path)),
        )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "/end" in site.asked
    document = document_in(tmp_path)
    for browser in ("chromium", "firefox"):
        undecided = states_of(document, browser)["undecided"]
        pages = {each["url"].rpartition("/")[2]: each for each in undecided["pages"]}
        assert set(pages) == {"", *TRAPS}
        assert pages["end"]["status"] == 200, pages
        for name in ("redirects", "download", "headers", "never"):
            assert pages[name]["note"], name
        assert undecided["cookies"] == [], "what a page only says that it wrote is not believed"


@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_a_page_that_never_gives_the_processor_back_ends_in_a_sentence(tmp_path: Path, name: str) -> None:
    with HostileSite(busy=True) as site:
        done = audit(site.url, "--browser", name, "--page-seconds", "2", "--output", str(tmp_path))
    assert done.returncode == 2, done.stdout + done.stderr
    assert "kept the browser busy" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
