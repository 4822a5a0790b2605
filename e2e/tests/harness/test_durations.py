"""Lengths of time in words."""

import pytest

from cookie_harness.durations import in_words, life_in_words

pytestmark = pytest.mark.promise("U3", "U6", "U8")

DAY = 86_400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (14 * DAY - 0.4, "14 days"),
        (DAY, "24 hours"),
        (5_400, "90 minutes"),
        (60, "60 seconds"),
        (1.2, "1 second"),
        (0.2, "0 seconds"),
    ],
)
def test_a_duration_is_said_in_the_largest_unit_of_which_there_are_two(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_a_cookie_without_an_end_lives_until_the_browser_closes() -> None:
    assert life_in_words(None) == "until the browser closes"
    assert life_in_words(14 * DAY) == "14 days"
