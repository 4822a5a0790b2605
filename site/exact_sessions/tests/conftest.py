from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.core.cache import cache

from exact_sessions.db import ExactSessionStore

Store = type[ExactSessionStore]


@pytest.fixture(params=["db", "cached_db"])
def store(request: pytest.FixtureRequest, db: None) -> Iterator[Store]:
    """The class of each engine in turn."""
    cache.clear()
    yield import_module(f"exact_sessions.{request.param}").SessionStore
    cache.clear()


@pytest.fixture
def begin(store: Store) -> Callable[..., str]:
    """Make a session that holds these keys, and give back its key."""

    def begin(**keys: object) -> str:
        session = store()
        session.update(keys)
        session.save()
        assert session.session_key
        return session.session_key

    return begin
