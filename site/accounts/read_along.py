"""The account of whoever is signed in, read along by a query that a page makes anyway.

Django reads it by a query of its own when a page first asks for `request.user`. What Django checks then, it checks here
too: that the account is active, and that the session was opened with its present password.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from accounts.models import User

COLUMNS = ("id", "password", "username", "is_active")
"""What is read of an account, in the model's order. Django reads the rest when somebody asks for it."""

PARAMETER = "account"
SQL = ", ".join(
    f"(SELECT {column} FROM {User._meta.db_table} WHERE id = %({PARAMETER})s)"  # noqa: S608, SLF001 -- names of our own
    for column in COLUMNS
)
"""The columns as parts of another statement, with a parameter for the account's key. Each is NULL if there is none."""

_LARGEST_KEY = 2**63 - 1

_read: ContextVar[User | None] = ContextVar("account_read_along", default=None)


def key_in_session(request: HttpRequest) -> int | None:
    """The key of the account that a visitor's session is signed in to. Loads the session, where a cookie names one."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    key = str(request.session.get(SESSION_KEY, ""))
    return int(key) if key.isdecimal() and int(key) <= _LARGEST_KEY else None


def take_account(request: HttpRequest, values: Sequence[Any]) -> None:
    """Make `request.user` what was read: `values` are those of COLUMNS, in their order."""
    if values[0] is None:
        return
    with _read_along(User.from_db("default", COLUMNS, values)):
        request.user.is_authenticated  # noqa: B018 -- here Django asks for the account, and goes on to check it


def account_read_along(key: Any) -> User | None:
    """The account with a key, if a page has just read it along."""
    account = _read.get()
    return account if account is not None and account.pk == key else None


@contextmanager
def _read_along(account: User) -> Iterator[None]:
    token = _read.set(account)
    try:
        yield
    finally:
        _read.reset(token)
