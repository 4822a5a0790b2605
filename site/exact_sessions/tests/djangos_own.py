"""Django's own tests of its two engines in a database, on this package's engines. `test_djangos_own.py` runs them.

`sessions_tests` lies in the source of Django and in no wheel.
"""

from sessions_tests import tests as djangos  # type: ignore[import-not-found]

from exact_sessions import cached_db, db


class ExactSessionTests(djangos.DatabaseSessionTests):  # type: ignore[misc]
    backend = db.SessionStore
    session_engine = "exact_sessions.db"


class ExactSessionWithTimeZoneTests(djangos.DatabaseSessionWithTimeZoneTests):  # type: ignore[misc]
    backend = db.SessionStore
    session_engine = "exact_sessions.db"


class CachedExactSessionTests(djangos.CacheDBSessionTests):  # type: ignore[misc]
    backend = cached_db.SessionStore


class CachedExactSessionWithTimeZoneTests(djangos.CacheDBSessionWithTimeZoneTests):  # type: ignore[misc]
    backend = cached_db.SessionStore
