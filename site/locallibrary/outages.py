"""Tells an outage, which passes, from an error of this site's own: a store that can't be reached, is full or read-only.

Pure: it looks at an exception. `views.server_error` answers an outage with 503 and the others with 500.
"""

import errno
import sqlite3

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError

RETRY_AFTER = 10
"""Seconds after which a browser or a machine may ask again (RFC 9110, section 10.2.3)."""

_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
"""SQLite's primary result codes that pass. A missing table has another one, SQLITE_ERROR (sqlite.org/rescode.html)."""

_READ_ONLY = "25006"
"""PostgreSQL's read_only_sql_transaction (postgresql.org/docs/15/errcodes-appendix.html), an internal error here."""

_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def is_outage(error: BaseException | None) -> bool:
    """Whether an error says that the site's data can't be read or written for the time being.

    Django takes every error of the database while a session is saved for the end of that session (its `UpdateError`).
    """
    if isinstance(error, SessionInterrupted):
        error = origin_of(error)
    if isinstance(error, OSError):
        return error.errno in _DISK
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == _READ_ONLY
    if isinstance(error, OperationalError) and isinstance(error.__cause__, sqlite3.Error):
        # The higher bits refine the primary code, which is the lowest byte.
        return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF in _SQLITE
    return isinstance(error, OperationalError | InterfaceError)


def origin_of(error: BaseException) -> BaseException:
    """The first of the errors during whose handling another was raised, up to this one; of a database's, Django's."""
    while not isinstance(error, DatabaseError | InterfaceError) and (earlier := error.__context__) is not None:
        error = earlier
    return error
