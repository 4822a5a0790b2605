"""The list of promises and the tests' marks agree."""

import pytest

from library_suite.promises import PROMISES_FILE, TESTS, complaint, known_promises, promises_named_in, unshown

pytestmark = pytest.mark.promise("H10")


def test_every_promise_is_shown_by_a_test() -> None:
    shown = {
        promise for file in TESTS.rglob("test_*.py") for promise in promises_named_in(file.read_text(encoding="utf-8"))
    }
    assert [unshown(promise) for promise in sorted(known_promises() - shown)] == []


def test_a_promise_that_nobody_shows_is_named_by_file_and_line() -> None:
    said = unshown("H10")
    number = int(said.split(":")[1])
    assert PROMISES_FILE.read_text(encoding="utf-8").splitlines()[number - 1] == 'id = "H10"'
    assert said.endswith('write @pytest.mark.promise("H10") on the one that does.')


def test_marks_are_found_on_tests_files_and_parameters() -> None:
    source = (
        'pytestmark = pytest.mark.promise("V1")\n'
        '@pytest.mark.promise("V2", "V3")\n'
        '@pytest.mark.parametrize("a", [pytest.param(1, marks=pytest.mark.promise("V4"))])\n'
        'def test_it(a): print("V5")\n'
    )
    assert promises_named_in(source) == {"V1", "V2", "V3", "V4"}


def test_a_test_without_a_promise_and_one_with_an_unknown_promise_are_told_so() -> None:
    known = frozenset({"V1", "V2"})
    assert complaint(["V1", "V2"], known) == ""
    assert complaint([], known) == 'This test shows no promise: mark it with @pytest.mark.promise("…").'
    assert complaint(["V1", "V9", "Q1"], known) == (
        'This test shows what e2e/promises.toml does not promise: add a [[promise]] with id = "V9" and id = "Q1" there.'
    )
