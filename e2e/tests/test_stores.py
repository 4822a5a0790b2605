"""What is special about some of Django's stores for sessions: the signed cookie, and the cache."""

import base64
import json
import zlib
from typing import Any

import pytest

from cookie_harness import EchoSite
from library_suite.cookie_names import SESSION
from library_suite.fixtures import NewcomerFactory, OwnSite, SharedSite
from library_suite.visitor import Visitor

LARGEST_COOKIE = 4096
"""Bytes of name and value together that a browser has to keep (RFC 6265, section 6.1); neither engine keeps more."""


@pytest.fixture
def visitor(newcomer: NewcomerFactory, library_with: SharedSite) -> Visitor:
    """At a site whose sessions lie in signed cookies."""
    return newcomer(library_with(SESSION_ENGINE="signed_cookies"))


def contents(cookie: str) -> dict[str, Any]:
    """What a signed session cookie holds: read without any key, as anybody can."""
    payload, _time, _signature = cookie.rsplit(":", 2)
    written = base64.urlsafe_b64decode(payload.removeprefix(".") + "=" * (-len(payload.removeprefix(".")) % 4))
    read: dict[str, Any] = json.loads(zlib.decompress(written) if payload.startswith(".") else written)
    return read


def with_contents(cookie: str, changed: dict[str, Any]) -> str:
    """The cookie with other contents under its old signature."""
    _payload, time, signature = cookie.rsplit(":", 2)
    payload = base64.urlsafe_b64encode(json.dumps(changed).encode()).decode().rstrip("=")
    return f"{payload}:{time}:{signature}"


@pytest.mark.promise("E2")
def test_a_signed_session_can_be_read_by_anybody_and_altered_by_nobody(visitor: Visitor) -> None:
    assert [visitor.visit(), visitor.visit()] == [1, 2]
    held = contents(visitor.session_id())
    assert held["num_visits"] == 2
    visitor.alter_cookie(SESSION, value=with_contents(visitor.session_id(), held | {"num_visits": 99}))
    assert visitor.open().status == 200
    assert visitor.count() == 1


@pytest.mark.promise("E2")
def test_an_older_signed_session_rolls_the_count_back(visitor: Visitor) -> None:
    """The signature proves who wrote the cookie, not that it is the latest.

    Django's documentation says so under "Using cookie-based sessions": no guarantee of freshness, open to replay.
    """
    assert visitor.visit() == 1
    older = visitor.session_id()
    assert [visitor.visit(), visitor.visit()] == [2, 3]
    visitor.alter_cookie(SESSION, value=older)
    assert visitor.visit() == 2


@pytest.mark.promise("E3")
def test_both_browsers_drop_a_cookie_of_more_than_4096_bytes(visitor: Visitor, echo_site: EchoSite) -> None:
    for length in (LARGEST_COOKIE, LARGEST_COOKIE + 1):
        name = "n" * (length - len("-header") - len("1"))
        visitor.page.goto(echo_site.set_url(name))
        assert (f"{name}-header" in visitor.jar()) is (length <= LARGEST_COOKIE)
    visitor.context.clear_cookies()


@pytest.mark.promise("E3")
def test_the_longest_session_of_a_visitor_fits_in_a_signed_cookie_and_counts_on(visitor: Visitor) -> None:
    """An account, the most books that are remembered, the longest name of a car, and an end of its own."""
    visitor.register()
    for book in range(301, 309):
        visitor.open(f"/books/{book}/")
    visitor.open("/privacy/workbench/")
    # No two alike, which could be packed, and each six bytes long as JSON.
    visitor.page.get_by_label("Maker").fill("".join(chr(0x4E00 + 97 * i) for i in range(40)))
    for button in ("Set it", "Set the test cookie", "End it in two weeks"):
        with visitor.page.expect_navigation(url="**/privacy/workbench/?result=*"):
            visitor.page.get_by_role("button", name=button, exact=True).click()
    count = visitor.visit()
    assert visitor.visit() == count + 1
    held = contents(visitor.session_id())
    assert {"_auth_user_id", "recently_viewed", "my_car", "_session_expiry", "num_visits"} <= set(held)
    assert len(SESSION + visitor.session_id()) < LARGEST_COOKIE


@pytest.mark.promise("E4")
@pytest.mark.parametrize(("session_engine", "next_visit"), [("cache", 1), ("cached_db", 2)])
def test_a_restart_of_the_server_ends_the_sessions_that_lie_in_its_memory_alone(
    own_library: OwnSite, newcomer: NewcomerFactory, session_engine: str, next_visit: int
) -> None:
    """Without REDIS_URL the cache is the server's own memory."""
    site = own_library(SESSION_ENGINE=session_engine)
    visitor = newcomer(site)
    assert visitor.visit() == 1
    site.restart()
    assert visitor.visit() == next_visit
