"""What is shown of a cookie's value."""

import pytest

from cookie_harness.masking import masked

pytestmark = pytest.mark.promise("U3", "U6", "U8")


@pytest.mark.parametrize("value", ["", "7", "12345", "dark", "en", "2026-11-25", "2026-11-25T10:11:12.345+00:00"])
def test_numbers_words_and_times_are_shown_as_they_are(value: str) -> None:
    assert masked(value) == value


@pytest.mark.parametrize("value", ["3l6ixyz", "bVCJxyzabc", "123456", "x" * 200, "2026-11-25x", "dark\n"])
def test_of_anything_else_the_beginning_is_shown(value: str) -> None:
    assert masked(value) == f"{value[:4]}…"
