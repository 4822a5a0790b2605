"""The copy in the cache: never more than a copy."""

import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import cache
from django.core.cache.backends.base import InvalidCacheBackendError
from django.test import override_settings
from pytest_django import Settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from exact_sessions.cached_db import CachedExactSessionStore
from exact_sessions.db import ExactSessionStore
from exact_sessions.models import ExactSession

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


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


def test_without_its_cache_everything_goes_on(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody_listens = server.getsockname()[1]
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://:secret@127.0.0.1:{nobody_listens}/0",
            "OPTIONS": {"retry": Retry(NoBackoff(), 0)},
        }
    }
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
    said = {record.getMessage().partition(" (")[0] for record in caplog.records}
    assert said == {"Error reading cache", "Error saving to cache"}
    assert "secret" not in caplog.text


@override_settings(SESSION_CACHE_ALIAS="sessions")
def test_the_cache_is_the_one_that_the_setting_names() -> None:
    with pytest.raises(InvalidCacheBackendError):
        CachedExactSessionStore()


def test_the_name_in_the_cache_is_the_same_for_async_code() -> None:
    session = saved()
    assert async_to_sync(session.acache_key)() == session.cache_key
