"""What a stolen copy of the table, or a look into the cache, gives away: nothing that opens a session."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.core.cache import cache

from exact_sessions.db import ExactSessionStore, hash_of
from exact_sessions.models import ExactSession
from exact_sessions.tests.conftest import Store


def test_the_table_holds_no_session_key(begin: Callable[..., str]) -> None:
    key = begin(a=1)
    dump = serializers.serialize("json", ExactSession.objects.all())
    assert key not in dump
    assert json.loads(dump)[0]["pk"] == hash_of(key)


def test_the_hash_of_a_key_opens_nothing(store: Store, begin: Callable[..., str]) -> None:
    key = begin(a=1)
    assert dict(store(hash_of(key)).items()) == {}
    assert not store().exists(hash_of(key))


def test_the_cache_holds_no_session_key(
    store: Store, begin: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    for name in ("get", "set", "add", "set_many"):
        original = getattr(type(cache._connections[cache._alias]), name)  # type: ignore[attr-defined]

        def noting(self: Any, *args: Any, original: Any = original, **kwargs: Any) -> Any:
            seen.append(args)
            return original(self, *args, **kwargs)

        monkeypatch.setattr(type(cache._connections[cache._alias]), name, noting)  # type: ignore[attr-defined]
    key = begin(a=1)
    session = store(key)
    session["a"] = 2
    session.save()
    session.exists(key)
    session.flush()
    assert bool(seen) is (store is not ExactSessionStore)
    assert key not in repr(seen)


def test_sessions_can_be_asked_for_and_ended_by_their_hashes(store: Store, begin: Callable[..., str]) -> None:
    first, second = begin(a=1), begin(a=2)
    hashes = {store.hash_of(first), store.hash_of(second)}
    assert store.alive([*hashes, hash_of("another")]) == hashes
    store.end_hashed([store.hash_of(first)])
    assert store.alive(hashes) == {store.hash_of(second)}
    assert dict(store(first).items()) == {}
    assert dict(store(second).items()) == {"a": 2}


def test_a_row_says_what_its_session_holds(begin: Callable[..., str]) -> None:
    key = begin(x=1)
    row = ExactSession.objects.get()
    assert row.get_decoded() == {"x": 1}
    assert str(row) == hash_of(key)
