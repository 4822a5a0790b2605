"""Sessions in the database with a copy in the cache: SESSION_ENGINE = "exact_sessions.cached_db".

The database alone decides what is stored and what has ended; the cache saves a query. What it holds is written while
the row is locked, so that no older copy comes after a newer one. Ending a session leaves a mark in the cache, so that
a request that has just read the row can't put it back. Without the cache everything goes on, from the database.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.cache import BaseCache, caches
from django.db import router, transaction
from django.utils import timezone

from exact_sessions.db import ExactSessionStore, StoredForm, hash_of
from exact_sessions.merging import Data

CACHED_FOR = 60
"""Seconds. A cache may lose what it was told, or come back from a disk with what it knew before. So none is believed
for longer than that: Django's own engine believes it for as long as the session lasts."""

ENDED = "ended"
"""Stands in the cache for a session that was ended."""

logger = logging.getLogger("django.contrib.sessions")


class CachedExactSessionStore(ExactSessionStore):
    """As `ExactSessionStore`, with a copy in the cache that SESSION_CACHE_ALIAS names."""

    cache_key_prefix = "exact_sessions.cached_db"

    def __init__(self, session_key: str | None = None) -> None:
        self._cache = _cache()
        super().__init__(session_key)

    @property
    def cache_key(self) -> str:
        """What the cache knows the session by. As little as the table does it hold the session's key."""
        return self._cache_key_of(hash_of(self._get_or_create_session_key()))

    async def acache_key(self) -> str:
        """As `cache_key`."""
        return self._cache_key_of(hash_of(await self._aget_or_create_session_key()))

    def exists(self, session_key: str | None) -> bool:
        """Whether there is a session by this key."""
        if session_key is None:
            return False
        kept = _quietly("reading", self._cache, self._cache.get, self._cache_key_of(hash_of(session_key)))
        return kept != ENDED and (_is_form(kept) or super().exists(session_key))

    async def aexists(self, session_key: str | None) -> bool:
        """As `exists`."""
        return await sync_to_async(CachedExactSessionStore.exists)(self, session_key)

    @classmethod
    def end_hashed(cls, hashes: Iterable[str]) -> None:
        """End sessions, named by the hashes of their keys."""
        ended = list(hashes)
        with transaction.atomic(using=router.db_for_write(cls.get_model_class())):
            super().end_hashed(ended)
            marks = dict.fromkeys(map(cls._cache_key_of, ended), ENDED)
            cache = _cache()
            _quietly("saving to", cache, cache.set_many, marks, CACHED_FOR)

    @classmethod
    def _cache_key_of(cls, key_hash: str) -> str:
        return cls.cache_key_prefix + key_hash

    def _find(self) -> StoredForm | None:
        kept = _quietly("reading", self._cache, self._cache.get, self._cache_key_of(hash_of(self.session_key or "")))
        if kept == ENDED:
            return None
        if _is_form(kept) and kept[2] > timezone.now():
            return StoredForm(*kept)
        found = super()._find()
        if found:
            self._keep(self._cache.add, found)  # unless another request has written something newer meanwhile
        return found

    def _insert(self, data: Data) -> None:
        super()._insert(data)  # nobody else knows the key yet
        self._keep(self._cache.set, self._stored)

    def _replace(self, data: Data) -> bool:
        with transaction.atomic(using=self._database):
            replaced = super()._replace(data)
            if replaced:
                self._keep(self._cache.set, self._stored)
        return replaced

    def _merge(self, data: Data) -> None:
        with transaction.atomic(using=self._database):
            super()._merge(data)
            self._keep(self._cache.set, self._stored)

    def _keep(self, write: Callable[..., Any], form: StoredForm | None) -> None:
        if form:
            rest = (form.expire_date - timezone.now()).total_seconds()
            value = (form.session_data, form.version, form.expire_date)
            _quietly("saving to", self._cache, write, self.cache_key, value, min(CACHED_FOR, int(rest)))


def _cache() -> BaseCache:
    return caches[settings.SESSION_CACHE_ALIAS]


def _is_form(kept: object) -> bool:
    return isinstance(kept, tuple) and [type(each) for each in kept] == [str, int, datetime]


def _quietly(doing: str, cache: BaseCache, use: Callable[..., Any], *arguments: Any) -> Any:
    """Use the cache, or say in the log, as Django's own engine does, why that can't be done: nobody loses a page."""
    try:
        return use(*arguments)
    except Exception:  # each cache has errors of its own, and no common class for them
        logger.exception("Error %s cache (%s)", doing, cache)
        return None


SessionStore = CachedExactSessionStore
