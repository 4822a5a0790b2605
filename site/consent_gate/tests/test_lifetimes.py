"""Lengths of time as a person says them."""

from datetime import timedelta

import pytest
from django.utils import translation

from consent_gate.declarations.lifetimes import duration


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
