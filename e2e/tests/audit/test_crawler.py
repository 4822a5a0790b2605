"""What a crawl takes for kept."""

from pathlib import Path

import pytest

from cookie_audit.crawler import Crawler
from cookie_audit.limits import Budget, Limits
from cookie_audit.observation import ConsentState
from cookie_audit.robots import Robots
from cookie_audit.watchdog import Watchdog
from cookie_harness.plugin import VisitorFactory
from tests.audit.bad_site import BadSite

pytestmark = pytest.mark.promise("U8")


def test_what_is_stored_while_an_answer_is_given_counts_only_if_it_stays(
    new_visitor: VisitorFactory, tmp_path: Path
) -> None:
    """A site may take its time to take away what a withdrawal forbids."""
    watchdog = Watchdog(tmp_path, 20)
    with BadSite(banner=False) as site:
        visitor = Crawler(new_visitor(), site.url, Budget(Limits(pages=1)), Robots(), watchdog)
        visitor.arrive()
        visitor.begin_state("(withdrawing)")
        visitor.page.evaluate("localStorage.setItem('going', 1); localStorage.setItem('staying', 1)")
        visitor.end_answer()
        visitor.page.evaluate("localStorage.removeItem('going')")
        stored = {each.key for each in visitor.crawl(ConsentState.WITHDRAWN).stored}
    watchdog.rest()
    assert stored == {"staying", "tracking-id"}
