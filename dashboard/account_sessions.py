"""The sessions of an account: noted when they are saved, listed, and ended from afar.

Works with every store that lies on the server. Django's own can't find an account's sessions: whose a session is stands
in its signed text, so that all rows would have to be opened. Hence a small row for each of them, found by its account.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.utils import timezone

from dashboard.models import AccountSession
from dashboard.sealing import seal, unseal
from dashboard.session_contents import engine_of


@dataclass(frozen=True)
class LiveSession:
    """One session of an account, as its owner sees it."""

    id: UUID
    began_at: datetime
    ends_at: datetime
    until_browser_closes: bool
    is_this_one: bool


def can_be_listed() -> bool:
    """Whether sessions can be found and ended from afar: not if the browsers alone hold them."""
    return engine_of(settings.SESSION_ENGINE).is_on_the_server


def digest_of(session_key: str) -> str:
    """What finds a session's row. The key is random, 165 bits of it: no salt could make it harder to guess."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def mark_of(session_auth_hash: str) -> str:
    """A mark that changes with the account's password, as Django's own mark in the session does."""
    return hashlib.sha256(f"dashboard.account_sessions {session_auth_hash}".encode()).hexdigest()


def note(session: SessionBase, came_with: str | None) -> None:
    """Keep the row of a session that is about to be saved; `came_with` is the key that it had before this request.

    It reads and writes its own table alone, so it never keeps a session alive. A session of nobody costs no query,
    unless its key has just gone or changed: then it may have been somebody's.
    """
    key, account_id = session.session_key, session.get(SESSION_KEY)
    if key and account_id:
        _renew(session, key, int(account_id), came_with)
    elif came_with and came_with != key:
        AccountSession.objects.filter(digest=digest_of(came_with)).delete()


def _renew(session: SessionBase, key: str, account_id: int, came_with: str | None) -> None:
    now = timezone.now()
    mark = mark_of(session.get(HASH_SESSION_KEY, ""))
    known = {digest_of(each) for each in (key, came_with) if each}
    values = {
        "digest": digest_of(key),
        "sealed_key": seal(key),
        "password_mark": mark,
        "ends_at": now + timedelta(seconds=session.get_expiry_age()),
        "until_browser_closes": session.get_expire_at_browser_close(),
    }
    rows = AccountSession.objects.filter(account_id=account_id)
    if not rows.filter(digest__in=known).update(**values):
        rows.filter(ends_at__lt=now).delete()
        AccountSession.objects.create(account_id=account_id, began_at=now, **values)
    elif key != came_with:
        # Changing the password changes both the key and the mark: the sessions with the old mark end now.
        _end(rows.exclude(password_mark=mark))


def live_sessions(account: AbstractBaseUser, this_key: str | None) -> tuple[LiveSession, ...]:
    """All sessions of an account that still open something, the newest first, in two queries.

    What has ended otherwise (swept out of its store, or the password was changed elsewhere) is cleared away on the way.
    """
    rows = list(AccountSession.objects.filter(account_id=account.pk, ends_at__gt=timezone.now()).order_by("-began_at"))
    marks = {mark_of(each) for each in (account.get_session_auth_hash(), *account.get_session_auth_fallback_hash())}
    keys = {row.pk: unseal(row.sealed_key) for row in rows if row.password_mark in marks}
    alive = _alive({key for key in keys.values() if key})
    dead = [row for row in rows if keys.get(row.pk) not in alive]
    if dead:
        _end(dead)
    this = digest_of(this_key) if this_key else ""
    return tuple(
        LiveSession(row.pk, row.began_at, row.ends_at, row.until_browser_closes, row.digest == this)
        for row in rows
        if row not in dead
    )


def end(account: AbstractBaseUser, session_id: str, this_key: str | None) -> bool:
    """End one session of an account, not the present one. False if the account has no such session."""
    try:
        rows = _others(account, this_key).filter(pk=UUID(session_id))
    except ValueError:
        return False
    return _end(rows) == 1


def end_others(account: AbstractBaseUser, this_key: str | None) -> int:
    """End all sessions of an account but the present one; gives back how many."""
    return _end(_others(account, this_key))


def end_all(account: AbstractBaseUser) -> int:
    """End all sessions of an account; gives back how many."""
    return _end(AccountSession.objects.filter(account_id=account.pk))


def _others(account: AbstractBaseUser, this_key: str | None) -> QuerySet[AccountSession]:
    rows = AccountSession.objects.filter(account_id=account.pk)
    return rows.exclude(digest=digest_of(this_key)) if this_key else rows


def _end(rows: Iterable[AccountSession]) -> int:
    """Delete sessions in their store, and then their rows."""
    ended = list(rows)
    for row in ended:
        if key := unseal(row.sealed_key):
            _store()(key).delete()
    AccountSession.objects.filter(pk__in=[row.pk for row in ended]).delete()
    return len(ended)


def _alive(keys: Collection[str]) -> set[str]:
    """Of these keys, those that the store still knows: one query in a database, none elsewhere."""
    store = _store()
    if issubclass(store, DatabaseStore):
        rows = store.get_model_class().objects.filter(pk__in=keys, expire_date__gt=timezone.now())
        return set(rows.values_list("pk", flat=True))
    return {key for key in keys if store().exists(key)}


def _store() -> type[SessionBase]:
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store
