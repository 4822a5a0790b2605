"""What is known of each cookie that came."""

from datetime import timedelta

import pytest

from consent_gate.api import PURPOSES, CookieDeclaration, Declarations, Purpose
from privacy_dashboard.browser_cookies import BrowserCookie, CookieState, browser_cookies
from privacy_dashboard.expiries import AT_BROWSER_CLOSE, UNKNOWN, Expiry, ExpiryKind

NECESSARY = frozenset({Purpose.NECESSARY})
YEAR = timedelta(days=365)


@pytest.fixture
def declared() -> Declarations[CookieDeclaration]:
    declarations: Declarations[CookieDeclaration] = Declarations()
    declarations.add(CookieDeclaration(name="token", purpose=Purpose.NECESSARY, reason="", ground="-", secret=True))
    declarations.add(CookieDeclaration(name="visits", purpose=Purpose.STATISTICS, reason="", lifetime=YEAR))
    return declarations


def found_in(header: str, declared: Declarations[CookieDeclaration]) -> dict[str, BrowserCookie]:
    return {cookie.name: cookie for cookie in browser_cookies(header, declared, NECESSARY, {})}


def test_each_cookie_has_the_state_that_the_gate_gives_it(declared: Declarations[CookieDeclaration]) -> None:
    found = found_in("visits=1; stray=2; token=3", declared)
    assert {name: cookie.state for name, cookie in found.items()} == {
        "token": CookieState.IN_ORDER,
        "visits": CookieState.NOT_CONSENTED,
        "stray": CookieState.UNDECLARED,
    }
    assert list(found) == ["token", "visits", "stray"], "by purpose, what nobody declared comes last"


def test_an_end_is_told_as_far_as_it_is_known(declared: Declarations[CookieDeclaration]) -> None:
    found = found_in("visits=1; stray=2; token=3", declared)
    assert found["visits"].ends == Expiry(ExpiryKind.AT_MOST, within=YEAR)
    assert found["token"].ends == AT_BROWSER_CLOSE
    assert found["stray"].ends == UNKNOWN
    [token] = browser_cookies("token=3", declared, NECESSARY, {"token": UNKNOWN})
    assert token.ends == UNKNOWN, "what is known of this very cookie comes first"


def test_secrets_are_those_that_are_declared_so_and_all_that_nobody_declared(
    declared: Declarations[CookieDeclaration],
) -> None:
    found = found_in("visits=1; stray=2; token=3", declared)
    assert {name for name, cookie in found.items() if cookie.is_secret} == {"token", "stray"}


def test_two_cookies_of_one_name_are_both_shown(declared: Declarations[CookieDeclaration]) -> None:
    twice = browser_cookies("visits=1; visits=2", declared, NECESSARY, {})
    assert [cookie.sent.value for cookie in twice] == ["1", "2"]
    assert {cookie.times_sent for cookie in twice} == {2}


@pytest.mark.parametrize(("name", "deletable"), [("visits", True), ("a b", False), ("", False), ("grüße", False)])
def test_a_name_that_no_server_can_write_is_known_for_it(
    declared: Declarations[CookieDeclaration], name: str, *, deletable: bool
) -> None:
    header = f"{name}=1".encode().decode("latin-1")
    assert found_in(header, declared)[name].can_be_deleted is deletable


@pytest.mark.parametrize("name", ["\u2000visits", "visits\u00a0", "\x1cvisits"])
def test_a_name_within_white_space_is_not_the_declared_one(
    declared: Declarations[CookieDeclaration], name: str
) -> None:
    """Not even where a family of names would take it in: the site is not given it."""
    declared.add(CookieDeclaration(name="*visits*", purpose=Purpose.STATISTICS, reason=""))
    [cookie] = browser_cookies(f"{name}=1".encode().decode("latin-1"), declared, frozenset(PURPOSES), {})
    assert (cookie.declaration, cookie.state) == (None, CookieState.UNDECLARED)
