"""Lengths of time as a person says them."""

from datetime import timedelta

import pytest
from django.utils import translation

from consent_gate.declarations.declaration import CookieDeclaration, SessionKeyDeclaration
from consent_gate.declarations.lifetimes import duration, lifetime_text
from consent_gate.declarations.purposes import Purpose


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=5.9), "5 seconds"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=25), "25 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=180), "180 days"),
    ],
)
def test_a_length_of_time_is_said_in_the_largest_unit_that_divides_it(length: timedelta, text: str) -> None:
    assert duration(length) == text


def test_a_length_of_time_is_said_in_the_readers_language() -> None:
    with translation.override("de"):
        assert (duration(timedelta(days=1)), duration(timedelta(days=2))) == ("1 Tag", "2 Tage")


def test_pages_say_how_long_each_kind_of_declaration_lives() -> None:
    day = CookieDeclaration(name="x", purpose=Purpose.STATISTICS, reason="r", lifetime=timedelta(days=1))
    visit = CookieDeclaration(name="x", purpose=Purpose.STATISTICS, reason="r")
    key = SessionKeyDeclaration(name="x", purpose=Purpose.STATISTICS, reason="r")
    assert lifetime_text(day) == "1 day at most"
    assert lifetime_text(visit) == "until you close the browser"
    assert lifetime_text(key) == "as long as your session"
