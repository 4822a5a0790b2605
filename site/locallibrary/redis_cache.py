"""Redis as a cache that may fail: while it is away, nothing is found in it, and nothing breaks.

Django's own backend raises whatever Redis meets, so that a cache that went away takes every page with it. What was
cached has its source elsewhere; where it has none (`SESSION_ENGINE=cache`) it is gone, as it is whenever a cache is
emptied. Works with Valkey as well, which speaks the same protocol.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
T = TypeVar("T")

CONNECTING = 0.5
"""Seconds to wait for Redis, to connect and for each answer: it is asked while a visitor waits."""

PAUSE = 1.0
"""Seconds before Redis is tried again after it failed: a host that does not answer costs no more than one wait each."""

MOST_OWED = 10_000
"""Keys that are remembered through an outage; with more, the cache is emptied after it."""

OPTIONS = {
    "socket_connect_timeout": CONNECTING,
    "socket_timeout": CONNECTING,
    # One more try at once, for connections that stood idle while Redis was restarted. By itself redis-py would wait for
    # seconds between several (redis.readthedocs.io/en/stable/retry.html).
    "retry": Retry(NoBackoff(), 1),
}
"""Unless the setting CACHES has others."""


class Outage:
    """Whether Redis is away, as far as this process knows, and what it has missed meanwhile.

    One for all threads: Django makes a cache for each of them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next_try: float | None = None
        self._owed: set[str] = set()
        self._owes_all = False

    @property
    def is_on(self) -> bool:
        """Whether Redis did not answer when it was last asked."""
        return self._next_try is not None

    @property
    def waits(self) -> bool:
        """Whether it is too early to ask Redis again."""
        return self._next_try is not None and time.monotonic() < self._next_try

    def begin(self, error: Exception, keys: Collection[str]) -> None:
        """Note a failure, and the keys whose change did not reach Redis; the log has one line for each outage."""
        with self._lock:
            if not self.is_on:
                # The class alone: a message may hold the address, and with it a password.
                logger.warning("The cache does not answer (%s): the site goes on without it.", type(error).__name__)
            self._next_try = time.monotonic() + PAUSE
        self.owe(keys)

    def owe(self, keys: Collection[str]) -> None:
        """Note keys of which Redis may hold an old value."""
        with self._lock:
            self._owed.update(keys)
            too_many = len(self._owed) > MOST_OWED
        if too_many:
            self.owe_all()

    def owe_all(self) -> None:
        """Note that Redis has to forget everything."""
        with self._lock:
            self._owed, self._owes_all = set(), True

    def owed(self) -> tuple[list[str], bool]:
        """Give the keys that Redis has to forget, and whether it has to forget all."""
        with self._lock:
            return list(self._owed), self._owes_all

    def end(self, settled: Iterable[str]) -> None:
        """Note that Redis answers again, and has forgotten these."""
        with self._lock:
            self._owed.difference_update(settled)
            self._owes_all = False
            if self._next_try is not None:
                self._next_try = None
                logger.warning("The cache answers again.")


outage = Outage()


class FailSoftRedisCache(RedisCache):
    """Django's Redis cache, in which nothing is found while Redis is away, full or read-only.

    What changed meanwhile is deleted before the first value is read again: Redis may have kept an old one, such as a
    session that has been ended since.
    """

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": {**OPTIONS, **params.get("OPTIONS", {})}})

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Read a value; the default while Redis is away."""
        return self._ask(partial(super().get, key, default, version), default)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """Read values; none while Redis is away."""
        return self._ask(partial(super().get_many, keys, version), {})

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Whether there is a value; none while Redis is away."""
        return self._ask(partial(super().has_key, key, version), otherwise=False)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value, unless Redis is away."""
        self._ask(partial(super().set, key, value, timeout, version), None, self._names([key], version))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value if there is none. While Redis is away it counts as kept, and as lost at once.

        Any cache may lose a value at any time. Were it not kept, Django's sessions in the cache would try 10,000 keys
        and then raise an error.
        """
        command = partial(super().add, key, value, timeout, version)
        return self._ask(command, otherwise=True, changes=self._names([key], version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a value another end; there is none while Redis is away."""
        return self._ask(partial(super().touch, key, timeout, version), otherwise=False)

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value: once Redis is back, if it is away."""
        return self._ask(partial(super().delete, key, version), otherwise=False, changes=self._names([key], version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count up; raises ValueError where there is no value, so always while Redis is away."""
        count: int | None = self._ask(partial(super().incr, key, delta, version), None, self._names([key], version))
        if count is None:
            raise ValueError("no value under this key: the cache does not answer")
        return count

    def set_many(self, data: dict[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        """Keep values; gives back the keys of those that were not."""
        return self._ask(partial(super().set_many, data, timeout, version), list(data), self._names(data, version))

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        """Forget values: once Redis is back, if it is away."""
        keys = list(keys)
        self._ask(partial(super().delete_many, keys, version), None, self._names(keys, version))

    def clear(self) -> None:
        """Forget everything: once Redis is back, if it is away."""
        self._ask(super().clear, None)
        if outage.is_on:
            outage.owe_all()

    def _ask(self, command: Callable[[], T], otherwise: T, changes: Collection[str] = ()) -> T:
        """Do something in Redis, else give `otherwise`. `changes` are the keys, as Redis knows them, that it alters."""
        if outage.waits:
            outage.owe(changes)
            return otherwise
        try:
            if outage.is_on:
                self._settle()
            return command()
        except (RedisError, OSError) as error:
            outage.begin(error, changes)
            return otherwise

    def _settle(self) -> None:
        """Have Redis forget what it missed; raises RedisError while it is away."""
        owed, all_of_it = outage.owed()
        if all_of_it:
            self._cache.clear()
        elif owed:
            self._cache.delete_many(owed)
        else:
            self._cache.get_client().ping()
        outage.end(owed)

    def _names(self, keys: Iterable[Any], version: int | None) -> list[str]:
        """The keys as Redis knows them."""
        return [str(self.make_and_validate_key(key, version=version)) for key in keys]
