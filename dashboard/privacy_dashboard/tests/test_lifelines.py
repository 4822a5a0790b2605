"""Where lifelines end, and what is said of their ends."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent_gate.api import CookieDeclaration, Purpose
from privacy_dashboard.expiries import (
    AT_BROWSER_CLOSE,
    UNKNOWN,
    WHEN_DELETED,
    Expiry,
    ExpiryKind,
    declared_expiry,
    exactly,
)
from privacy_dashboard.holdings import Holding, Kind, Side
from privacy_dashboard.lifelines import CLOSE, FIRST, LAST, MARKS, after, draw, position

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ends", "where"),
    [
        (AT_BROWSER_CLOSE, CLOSE),
        (exactly(NOW - timedelta(days=1)), FIRST),
        (exactly(NOW + timedelta(seconds=5)), FIRST),
        (Expiry(ExpiryKind.AT_MOST, within=timedelta(days=400)), LAST),
        (exactly(NOW + timedelta(days=9_000)), LAST),
        (WHEN_DELETED, LAST),
        (UNKNOWN, LAST),
    ],
)
def test_each_kind_of_end_has_its_place(ends: Expiry, where: float) -> None:
    assert position(ends, NOW) == pytest.approx(where)


@given(st.timedeltas(timedelta(minutes=1), timedelta(days=400)), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_what_lives_longer_ends_further_to_the_right(length: timedelta, more: timedelta) -> None:
    assert FIRST - 0.01 <= after(length) <= after(length + more) <= LAST + 0.01


def test_lines_stand_below_each_other_and_the_picture_holds_them_all() -> None:
    kept = [Holding(Kind.COOKIE, Side.BROWSER, str(number), Purpose.NECESSARY, "", UNKNOWN) for number in range(20)]
    picture = draw(kept, NOW)
    ys = [drawn.line_y for drawn in picture.lines]
    assert ys == sorted(set(ys))
    assert ys[-1] < picture.axis_y < picture.words_y < picture.height


@pytest.mark.parametrize(
    ("ends", "certain"),
    [
        (exactly(NOW), True),
        (AT_BROWSER_CLOSE, True),
        (WHEN_DELETED, True),
        (Expiry(ExpiryKind.AT_MOST, within=timedelta(days=1)), False),
        (UNKNOWN, False),
    ],
)
def test_a_line_is_drawn_to_its_end_where_that_is_known(ends: Expiry, *, certain: bool) -> None:
    [line] = draw([Holding(Kind.COOKIE, Side.BROWSER, "a", Purpose.NECESSARY, "", ends)], NOW).lines
    assert line.is_certain is certain


def test_the_words_of_the_axis_stand_in_the_order_of_time() -> None:
    places = [float(mark.x.removesuffix("%")) for mark in MARKS]
    assert places == sorted(set(places))
    assert places[:2] == [0, CLOSE]
    assert FIRST < places[2] < 95 < places[-1] < LAST, "a year is nearly all that browsers keep"


def test_an_empty_picture_has_no_lines() -> None:
    assert draw([], NOW).lines == ()


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        (exactly(datetime(2027, 5, 23, 4, 22, tzinfo=UTC)), "May 23, 2027, 4:22 a.m. UTC"),
        (Expiry(ExpiryKind.AT_MOST, within=timedelta(days=365)), "365 days after it was set, at most"),
        (AT_BROWSER_CLOSE, "when you close the browser"),
        (WHEN_DELETED, "when you delete it"),
        (UNKNOWN, "only your browser knows"),
    ],
)
def test_an_end_is_said_in_words(ends: Expiry, text: str) -> None:
    assert str(ends) == text


def test_a_declaration_without_a_lifetime_promises_the_browsers_closing() -> None:
    cookie = CookieDeclaration(name="a", purpose=Purpose.NECESSARY, reason="", ground="-")
    assert declared_expiry(cookie) == AT_BROWSER_CLOSE
    assert declared_expiry(None) == UNKNOWN
