"""The `Cookie` header taken apart: nothing is left out, and nothing breaks."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.declarations import CookieDeclaration, Declarations, Purpose
from dashboard.browser_cookies import BrowserCookie, State, browser_cookies, sent_cookies
from dashboard.endings import AT_BROWSER_CLOSE, UNKNOWN, Ending, Known

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
        "token": State.IN_ORDER,
        "visits": State.NOT_CONSENTED,
        "stray": State.UNDECLARED,
    }
    assert list(found) == ["token", "visits", "stray"], "by purpose, what nobody declared comes last"


def test_an_end_is_told_as_far_as_it_is_known(declared: Declarations[CookieDeclaration]) -> None:
    found = found_in("visits=1; stray=2; token=3", declared)
    assert found["visits"].ends == Ending(Known.AT_MOST, within=YEAR)
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


@pytest.mark.parametrize(
    ("header", "name", "value"),
    [
        ("a=b=c", "a", "b=c"),
        ("no equals sign", "", "no equals sign"),
        ('quoted="x y"', "quoted", '"x y"'),
        ("=only a value", "", "only a value"),
        (" \ta=1 ", "a", "1"),
        ("gr\u00c3\u00bc\u00c3\u009fe=\u00e2\u0098\u0095", "grüße", "☕"),  # UTF-8 in the guise of Latin-1
    ],
)
def test_odd_pairs_are_read_as_browsers_write_them(header: str, name: str, value: str) -> None:
    [cookie] = sent_cookies(header)
    assert (cookie.name, cookie.value, cookie.is_text) == (name, value, True)


@pytest.mark.parametrize("value", ["\u00ff\u00fe", "a\u0000b", "\u00c3"])
def test_what_is_no_text_is_listed_as_such(value: str) -> None:
    [cookie] = sent_cookies(f"odd={value}")
    assert not cookie.is_text
    assert cookie.size == 3 + len(value), "in bytes"


def test_what_no_browser_keeps_is_listed_as_such() -> None:
    small, large = sent_cookies(f"a={'x' * 4095}; b={'x' * 4096}")
    assert (small.is_oversized, large.is_oversized) == (False, True)


@pytest.mark.parametrize(("name", "deletable"), [("visits", True), ("a b", False), ("", False), ("grüße", False)])
def test_a_name_that_no_server_can_write_is_known_for_it(
    declared: Declarations[CookieDeclaration], name: str, *, deletable: bool
) -> None:
    header = f"{name}=1".encode().decode("latin-1")
    assert found_in(header, declared)[name].can_be_deleted is deletable


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_at_all_is_taken_apart(header: str) -> None:
    sent = list(sent_cookies(header))
    assert len(sent) == len([part for part in header.split(";") if part.strip(" \t")])
    assert all(cookie.size >= 0 for cookie in sent)
