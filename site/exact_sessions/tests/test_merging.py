"""What one request changed, put into what others have stored."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from exact_sessions.merging import MOST_MARKS, Changes, Erasures, adopt, changes_between, merged

NONE_ERASED = Erasures({})


def form(value: Any) -> bytes:
    return json.dumps(value).encode()


def changed(before: dict[str, Any], after: dict[str, Any], **increments: int) -> Changes:
    return changes_between(before, after, increments, form)


def test_what_a_request_left_alone_is_no_change() -> None:
    assert changed({"a": 1, "b": [1, {"c": 2}]}, {"a": 1, "b": [1, {"c": 2}]}) == Changes({}, {}, frozenset())


def test_what_was_set_in_place_is_a_change() -> None:
    assert changed({"cart": [1]}, {"cart": [1, 2]}).sets == {"cart": [1, 2]}


def test_a_one_that_becomes_true_is_a_change() -> None:
    assert changed({"a": 1}, {"a": True}).sets == {"a": True}


def test_a_tuple_is_the_list_that_it_is_stored_as() -> None:
    assert changed({"a": [1, 2]}, {"a": (1, 2)}).sets == {}


def test_an_increment_that_was_written_over_is_a_plain_value() -> None:
    assert changed({"n": 5}, {"n": 1}, n=1) == Changes({"n": 1}, {}, frozenset())


def test_an_increment_of_what_is_no_number_is_a_plain_value() -> None:
    assert changed({"n": True}, {"n": 2}, n=1).increments == {}


def test_an_increment_that_was_erased_is_an_erasure() -> None:
    assert changed({"n": 5}, {}, n=1) == Changes({}, {}, frozenset({"n"}))


def test_an_increment_leaves_alone_what_is_no_number_any_more() -> None:
    assert merged({"n": "many"}, Changes({}, {"n": 1}, frozenset()), NONE_ERASED, 1) == {"n": "many"}


def test_the_keys_of_two_requests_are_kept_beside_one_another() -> None:
    stored = merged({"a": 0}, changed({"a": 0}, {"a": 1}), NONE_ERASED, 1)
    assert merged(stored, changed({"a": 0}, {"a": 0, "b": 2}), NONE_ERASED, 1) == {"a": 1, "b": 2}


def test_an_erased_key_stays_erased_for_whoever_loaded_it_before() -> None:
    erasures = NONE_ERASED.plus({"n"}, 2)
    for changes in (Changes({"n": 1}, {}, frozenset()), Changes({}, {"n": 1}, frozenset())):
        assert merged({}, changes, erasures, 1) == {}
        assert merged({}, changes, erasures, 2) == {"n": 1}


def test_forgotten_names_are_taken_for_erased() -> None:
    erasures = NONE_ERASED
    for version in range(1, MOST_MARKS + 3):
        erasures = erasures.plus({f"key {version}"}, version)
    assert len(erasures.versions) == MOST_MARKS
    assert erasures.forgotten == 2
    assert erasures.came_after("any", 1)
    assert not erasures.came_after("any", 2)
    assert erasures.came_after(f"key {MOST_MARKS}", 2)


def test_marks_are_stored_as_they_are_read() -> None:
    assert NONE_ERASED.written() == {}
    erasures = NONE_ERASED.plus({"a"}, 3)
    assert Erasures.read(json.loads(json.dumps(erasures.written()))) == erasures


def test_what_is_the_same_stays_the_same_object() -> None:
    cart = [1]
    own: dict[str, Any] = {"cart": cart, "old": 1, "n": 1}
    adopt(own, {"cart": [1], "n": 2, "new": 3}, form)
    assert own == {"cart": [1], "n": 2, "new": 3}
    assert own["cart"] is cart


names = st.sampled_from("abc")
data = st.dictionaries(names, st.integers(-3, 3))


@given(data, st.lists(st.dictionaries(names, st.integers(-3, 3), min_size=1), min_size=1, max_size=6))
def test_increments_add_up_in_whatever_order_they_come(before: dict[str, int], requests: list[dict[str, int]]) -> None:
    stored: dict[str, Any] = before
    for increments in reversed(requests):
        after = before | {name: before.get(name, 0) + by for name, by in increments.items()}
        stored = merged(stored, changes_between(before, after, increments, form), NONE_ERASED, 1)
    expected = {name: before.get(name, 0) + sum(each.get(name, 0) for each in requests) for name in "abc"}
    assert {name: stored.get(name, 0) for name in "abc"} == expected


@given(data, data)
def test_alone_a_request_stores_what_it_holds(before: dict[str, int], after: dict[str, int]) -> None:
    assert merged(before, changed(before, after), NONE_ERASED, 1) == after


@given(data, data, data)
def test_of_two_requests_the_later_decides_on_what_it_changed(
    before: dict[str, int], first: dict[str, int], second: dict[str, int]
) -> None:
    changes = changed(before, second)
    result = merged(first, changes, NONE_ERASED, 1)
    for name in "abc":
        touched = name in changes.sets or name in changes.erased
        assert result.get(name) == (second if touched else first).get(name)
