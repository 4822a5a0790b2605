"""How the audit behaves on other people's machines: robots.txt, a delay, and limits."""

import pytest

from cookie_audit.limits import MEGABYTE, Budget, Limits, is_this_machine
from cookie_audit.robots import Robots, robots_of
from cookie_audit.web import Unanswered, fetch
from tests.audit.bad_site import BadSite

pytestmark = pytest.mark.promise("U8")

FILE = """
User-agent: *
Disallow: /private/
Crawl-delay: 3
"""


def test_what_robots_txt_asks_for_is_kept() -> None:
    robots = Robots(FILE.splitlines())
    assert robots.allow("https://site.example/")
    assert not robots.allow("https://site.example/private/1")
    assert robots.delay(1.0) == 3
    assert robots.delay(5.0) == 5
    assert Robots("User-agent: *\nCrawl-delay: 9999".splitlines()).delay(1.0) == 10, "no site stops the audit so"


def test_a_site_without_robots_txt_and_this_machine_ask_for_nothing() -> None:
    for robots in (Robots(), Robots([]), robots_of("http://127.0.0.1:1/")):
        assert robots.allow("http://127.0.0.1:1/anything")
        assert robots.delay(1.0) == 1


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("shop.localhost", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("10.0.0.1", False),
        ("localhost.example", False),
    ],
)
def test_this_machine_is_known_by_its_names(host: str, expected: bool) -> None:
    assert is_this_machine(host) is expected


def test_a_limit_that_is_reached_is_named_with_its_option() -> None:
    budget = Budget(Limits(seconds=60, megabytes=1))
    assert budget.spent() == ""
    budget.received = MEGABYTE + 1
    assert "--megabytes" in budget.spent()
    budget.began -= 61
    assert "--seconds" in budget.spent()


def test_names_below_localhost_are_this_machine_as_in_browsers() -> None:
    with BadSite() as site:
        assert b"purposes" in fetch(f"http://shop.localhost:{site.port}/cookies.json")
        assert site.asked[-1].host == f"shop.localhost:{site.port}"
        with pytest.raises(Unanswered):
            fetch(f"{site.url}nothing-here")
