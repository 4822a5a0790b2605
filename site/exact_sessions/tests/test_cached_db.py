"""The copy in the cache: never more than a copy."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import cache
from django.core.cache.backends.base import InvalidCacheBackendError
from django.core.cache.backends.locmem import LocMemCache
from django.test import override_settings

from exact_sessions.cached_db import CachedExactSessionStore
from exact_sessions.db import ExactSessionStore
from exact_sessions.models import ExactSession

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


class BrokenCache(LocMemCache):
    """A cache whose server is not there."""

    def _broken(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise ConnectionError("Error 111 connecting to localhost:6379. Connection refused.")

    get = add = set = set_many = delete = _broken


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def saved(**keys: object) -> CachedExactSessionStore:
    session = CachedExactSessionStore()
    session.update(keys)
    session.save()
    return session


def again(session: ExactSessionStore) -> CachedExactSessionStore:
    return CachedExactSessionStore(session.session_key)


def test_what_is_cached_needs_no_query(django_assert_num_queries: Queries) -> None:
    session = saved(a=1)
    with django_assert_num_queries(0):
        assert again(session)["a"] == 1
        assert session.exists(session.session_key)


def test_what_is_not_cached_is_read_once(django_assert_num_queries: Queries) -> None:
    session = saved(a=1)
    cache.clear()
    with django_assert_num_queries(1):
        assert again(session)["a"] == 1
        assert again(session)["a"] == 1


def test_a_session_outlives_an_emptied_cache() -> None:
    session = saved(n=1)
    cache.clear()
    session.increment("n")
    session.save()
    cache.clear()
    assert again(session)["n"] == 2


def test_a_stale_copy_loses_nothing() -> None:
    session = saved(n=1)
    stale = cache.get(session.cache_key)
    other = again(session)
    other.increment("n")
    other["a"] = 1
    other.save()
    cache.set(session.cache_key, stale)
    late = again(session)
    assert late.increment("n") == 2
    late.save()
    assert dict(again(session).items()) == {"n": 3, "a": 1}


def test_a_session_that_is_read_while_it_ends_does_not_stay_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    session = saved(a=1)
    cache.clear()
    reads = ExactSessionStore._find

    def reads_while_it_ends(self: ExactSessionStore) -> Any:
        found = reads(self)
        again(session).delete()
        return found

    monkeypatch.setattr(ExactSessionStore, "_find", reads_while_it_ends)
    assert again(session)["a"] == 1, "it was not over yet when the row was read"
    monkeypatch.undo()
    assert dict(again(session).items()) == {}
    assert not session.exists(session.session_key)


def test_an_older_copy_does_not_take_the_place_of_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    session = saved(n=1)
    cache.clear()
    reads = ExactSessionStore._find

    def reads_while_it_is_saved(self: ExactSessionStore) -> Any:
        found = reads(self)
        session.increment("n")
        session.save()
        return found

    monkeypatch.setattr(ExactSessionStore, "_find", reads_while_it_is_saved)
    assert again(session)["n"] == 1
    monkeypatch.undo()
    assert again(session)["n"] == 2


def test_a_cache_that_comes_back_with_old_content_revives_nothing_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    session = saved(a=1)
    kept_for: list[int] = []
    monkeypatch.setattr(
        type(cache._connections[cache._alias]),  # type: ignore[attr-defined]
        "set",
        lambda _self, _key, _value, timeout: kept_for.append(timeout),
    )
    session["a"] = 2
    session.save()
    session.set_expiry(timedelta(seconds=30))
    session.save()
    assert kept_for[0] == 60
    assert kept_for[1] <= 30, "and never longer than the session lasts"


@pytest.mark.parametrize("found", [b"old", ("text",), {"a": 1}, ("text", "1", None)])
def test_what_others_left_in_the_cache_is_no_session(found: object) -> None:
    session = saved(a=1)
    cache.set(session.cache_key, found)
    assert again(session)["a"] == 1


@override_settings(CACHES={"default": {"BACKEND": f"{__name__}.BrokenCache"}})
def test_without_its_cache_everything_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    session = saved(n=1)
    other = again(session)
    assert other.increment("n") == 2
    session.increment("n")
    other.save()
    session.save()
    assert again(session)["n"] == 3
    other.cycle_key()
    assert again(other)["n"] == 3
    with pytest.raises(UpdateError):
        session.save()
    other.flush()
    assert not session.exists(session.session_key)
    assert not ExactSession.objects.exists()
    assert "Error saving to cache: Error 111 connecting" in caplog.text
    assert "Traceback" not in caplog.text


@override_settings(SESSION_CACHE_ALIAS="sessions")
def test_the_cache_is_the_one_that_the_setting_names() -> None:
    with pytest.raises(InvalidCacheBackendError):
        CachedExactSessionStore()


def test_the_name_in_the_cache_is_the_same_for_async_code() -> None:
    session = saved()
    assert async_to_sync(session.acache_key)() == session.cache_key
