"""Every test shows a promise of the list."""

import pytest

from e2e.library.promises import complaint

pytestmark = pytest.mark.promise("H10")


def test_a_test_without_a_promise_and_one_with_an_unknown_promise_are_told_so() -> None:
    known = frozenset({"V1", "V2"})
    assert complaint(["V1", "V2"], known) == ""
    assert complaint([], known) == 'This test shows no promise: mark it with @pytest.mark.promise("…").'
    assert complaint(["V1", "V9", "Q1"], known) == "This test shows V9, Q1: not in promises.toml."
