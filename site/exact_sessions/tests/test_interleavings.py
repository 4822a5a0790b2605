"""Two requests of one visitor, in an order that is forced: each is a session of its own by the same key."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.base import UpdateError

from exact_sessions.db import ExactSessionStore
from exact_sessions.models import ExactSession
from exact_sessions.tests.conftest import Store

Begin = Callable[..., str]


@pytest.fixture
def two(store: Store, begin: Begin) -> Callable[..., tuple[ExactSessionStore, ExactSessionStore]]:
    """Two requests that have both loaded one session before either saves it."""

    def two(**keys: object) -> tuple[ExactSessionStore, ExactSessionStore]:
        key = begin(**keys)
        sessions = store(key), store(key)
        for each in sessions:
            each.get("")
        return sessions

    return two


Two = Callable[..., tuple[ExactSessionStore, ExactSessionStore]]


def held(session: ExactSessionStore) -> dict[str, object]:
    """What a later request finds."""
    return dict(type(session)(session.session_key).items())


def test_both_increments_count(two: Two) -> None:
    first, second = two(n=5)
    assert (first.increment("n"), second.increment("n", 10)) == (6, 15)
    first.save()
    second.save()
    assert held(first) == {"n": 16}


def test_increments_of_a_new_key_count_both(two: Two) -> None:
    first, second = two(other=1)
    first.increment("n")
    second.increment("n")
    first.save()
    second.save()
    assert held(first) == {"n": 2, "other": 1}


def test_saving_twice_counts_once(two: Two) -> None:
    first, second = two(n=0)
    first.increment("n")
    first.save()
    second.increment("n")
    second.save()
    second.save()
    first.save()
    assert held(first) == {"n": 2}


def test_an_increment_goes_on_after_a_save(two: Two) -> None:
    first, second = two(n=0)
    for _ in range(3):
        first.increment("n")
        first.save()
        second.increment("n")
        second.save()
    assert held(first) == {"n": 6}


def test_a_request_that_saved_sees_what_others_had_stored(two: Two) -> None:
    first, second = two(n=0, a=1)
    first.increment("n")
    first["a"] = 2
    first.save()
    second.increment("n")
    second.save()
    assert (second["n"], second["a"]) == (2, 2)


def test_different_keys_are_both_kept(two: Two) -> None:
    first, second = two(a=1, b=1, c=1)
    first["a"] = 2
    second["b"] = 2
    del second["c"]
    first.save()
    second.save()
    assert held(first) == {"a": 2, "b": 2}


def test_of_one_key_the_last_value_stands(two: Two) -> None:
    first, second = two(a=0)
    first["a"], second["a"] = 1, 2
    second.save()
    first.save()
    assert held(first) == {"a": 1}


def test_what_is_changed_in_place_is_merged_too(two: Two) -> None:
    first, second = two(cart=[1], n=0)
    first["cart"].append(2)
    first.modified = True
    second["n"] = 1
    first.save()
    second.save()
    assert held(first) == {"cart": [1, 2], "n": 1}


def test_the_expiry_that_one_request_sets_outlasts_anothers_save(two: Two) -> None:
    first, second = two(a=0)
    first.set_expiry(60)
    second["a"] = 1
    first.save()
    second.save()
    assert type(first)(first.session_key).get_expiry_age() == 60
    assert ExactSession.objects.get().expire_date <= second.get_expiry_date(), "and the row ends then"
    assert second.get_expiry_age() == 60


def test_a_session_that_was_ended_is_not_brought_back(two: Two) -> None:
    first, second = two(a=0)
    second["a"] = 1
    first.flush()
    with pytest.raises(UpdateError):
        second.save()
    assert held(second) == {}
    assert not ExactSession.objects.exists()


def test_erasing_from_an_ended_session_brings_nothing_back(two: Two) -> None:
    first, second = two(a=0, b=0)
    del second["a"]
    first.delete()
    with pytest.raises(UpdateError):
        second.save()
    assert not ExactSession.objects.exists()


def test_a_new_key_brings_nothing_of_an_ended_session_back(two: Two) -> None:
    first, second = two(_auth_user_id="1", cart=[1])
    first.flush()
    second.cycle_key()
    assert held(second) == {}
    assert dict(second.items()) == {}


def test_a_new_key_takes_along_what_others_have_stored(two: Two) -> None:
    first, second = two(n=0, a=1, b=1)
    first.increment("n")
    first["b"] = 2
    first.save()
    second.increment("n")
    del second["a"]
    second.cycle_key()
    second.increment("n")
    second.save()
    assert held(second) == {"n": 3, "b": 2}
    assert held(first) == {}


def test_what_saves_under_the_old_key_is_lost_aloud(two: Two) -> None:
    first, second = two(n=0)
    first.cycle_key()
    second.increment("n")
    with pytest.raises(UpdateError):
        second.save()
    assert held(first) == {"n": 0}


@pytest.mark.parametrize("counts", [True, False])
def test_a_key_that_was_erased_is_not_brought_back(two: Two, *, counts: bool) -> None:
    first, second = two(n=5, a=1)
    del first["n"]
    if counts:
        second.increment("n")
    else:
        second["n"] = 7
    second["a"] = 2
    first.save()
    second.save()
    assert held(first) == {"a": 2}
    assert "n" not in second, "and its own request sees that"


def test_an_erased_key_stays_erased_in_the_other_order(two: Two) -> None:
    first, second = two(n=5)
    del first["n"]
    second.increment("n")
    second.save()
    first.save()
    assert held(first) == {}


def test_a_key_unknown_at_loading_that_came_and_went_stays_erased(two: Two, store: Store) -> None:
    late, other = two(a=1)
    other["n"] = 1
    other.save()
    del other["n"]
    other.save()
    late.increment("n")
    late.save()
    assert held(late) == {"a": 1}


def test_a_key_that_was_set_anew_after_its_erasure_counts_from_there(two: Two, store: Store) -> None:
    late, other = two(n=5)
    del other["n"]
    other.save()
    fresh = store(other.session_key)
    fresh.increment("n")
    fresh.save()
    late.increment("n")
    late.save()
    assert held(late) == {"n": 1}


def test_clearing_a_session_unread_erases_what_others_store_meanwhile(two: Two, store: Store) -> None:
    late, other = two(n=5)
    clearing = store(late.session_key)
    clearing.clear()
    clearing["fresh"] = 1
    other["more"] = 1
    other.save()
    clearing.save()
    late.increment("n")
    late["more"] = 2
    late.save()
    assert held(late) == {"fresh": 1}


def test_a_damaged_row_is_an_empty_session_and_is_mended(two: Two) -> None:
    first, second = two(n=5)
    ExactSession.objects.update(session_data="damaged", version=9)
    first.increment("n")
    first.save()
    assert second.session_key
    assert held(first) == {"n": 1}


def test_saving_undisturbed_takes_one_statement(two: Two, django_assert_num_queries: Callable[..., object]) -> None:
    first, _second = two(n=0)
    first.increment("n")
    statements = 1 if type(first) is ExactSessionStore else 3  # the cache is written while the row is locked
    with django_assert_num_queries(statements):  # type: ignore[attr-defined]
        first.save()
