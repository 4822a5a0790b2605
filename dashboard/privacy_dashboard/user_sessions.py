"""The sessions of a user: noted when they are saved, listed, and ended from afar.

Works with every store that lies on the server. Django's own can't find a user's sessions: whose a session is stands
in its signed text, so that all rows would have to be opened. Hence a small row for each of them, found by its user.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError
from django.db.models import F, QuerySet
from django.utils import timezone

from consent_gate.api import Batch, GatedSession, delete_in_batches, store_kind
from privacy_dashboard.hashed_store import HashedStore
from privacy_dashboard.models import UserSession
from privacy_dashboard.sealing import seal, unseal

UserPk = Any
"""A user's primary key; or the same as text, as a session holds it: Django's queries take both."""


NOTES_AT_ONCE = 100
"""Notes of sessions that are looked after in one batch: memory does not grow with the sessions of a user."""


NOTES_OF_A_LENGTH = 100
"""A session's end moves on each time that it is saved; how often that is noted anew, within the session's length."""

MOST_NOTES_KNOWN = 10_000
"""Of how many sessions a process knows what it has noted: some hundred bytes each."""


@dataclass(frozen=True)
class LiveSession:
    """One session of a user, as its owner sees it. `id` and `began_at` are None if it is older than the list."""

    id: UUID | None
    began_at: datetime | None
    ends_at: datetime
    until_browser_closes: bool
    is_this_one: bool


def can_be_listed() -> bool:
    """Whether sessions can be found and ended from afar: not if the browsers alone hold them."""
    return store_kind(settings.SESSION_ENGINE).is_on_the_server


def digest_of(session_key: str) -> str:
    """What finds a session's row. The key is random, 165 bits of it: no salt could make it harder to guess."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def mark_of(session_auth_hash: str) -> str:
    """A mark that changes with the user's password, as Django's own mark in the session does."""
    return hashlib.sha256(f"dashboard.account_sessions {session_auth_hash}".encode()).hexdigest()


def note_session(*, session: GatedSession, **_rest: Any) -> None:
    """Receives `session_settled`: bring the list up to date with what a request did to its session.

    It comes after the session was saved, and leaves it alone: being listed keeps no session alive, and what was ended
    in the meantime could not be saved and does not come back here. Without a user it costs no query; and none where
    the list says the same already, but for a small part of the session's length.
    """
    before = session.loaded.get(SESSION_KEY)
    after = session.get(SESSION_KEY) if session.saved else None
    if (before is None and after is None) or not can_be_listed():
        return
    if before is not None and before != after:
        UserSession.objects.filter(digest__in=_digests_of(session)).delete()
    if after is None:
        return
    if before != after:
        _begin(after, session, timezone.now())
    elif _is_noted(session):
        return
    elif not _renew(after, session):
        _note_older(after, session)
    elif session.loaded.get(HASH_SESSION_KEY) != session.get(HASH_SESSION_KEY):
        _end_stale(after)


@dataclass(frozen=True)
class _Note:
    """What this process has noted of a session."""

    password_mark: str
    until_browser_closes: bool
    ends_at: datetime


_notes: dict[str, _Note] = {}
"""By their digests. A note of a session that lives stays in the list; so it is not looked up again."""


def _know(session: SessionBase) -> None:
    if len(_notes) >= MOST_NOTES_KNOWN:
        _notes.clear()
    _notes[digest_of(session.session_key or "")] = _note_of(session)


def _note_of(session: SessionBase) -> _Note:
    mark = mark_of(session.get(HASH_SESSION_KEY, ""))
    return _Note(mark, session.get_expire_at_browser_close(), session.get_expiry_date())


def _is_noted(session: GatedSession) -> bool:
    """Whether this process has noted a session as it is, under its key, with an end not much earlier than now."""
    noted, now = _notes.get(digest_of(session.session_key or "")), _note_of(session)
    if noted is None or session.deleted_keys or replace(noted, ends_at=now.ends_at) != now:
        return False
    moved_on = now.ends_at - noted.ends_at
    return timedelta() <= moved_on <= (now.ends_at - timezone.now()) / NOTES_OF_A_LENGTH


def _renew(user_id: UserPk, session: GatedSession) -> bool:
    """Note a session's new end, and its new key if it has one; False if it is not in the list."""
    rows = UserSession.objects.filter(user_id=user_id, digest__in=_digests_of(session))
    is_listed = bool(rows.update(**_facts_of(session)))
    if is_listed:
        _know(session)
    return is_listed


def _begin(user_id: UserPk, session: SessionBase, began_at: datetime | None) -> None:
    row = UserSession(user_id=user_id, began_at=began_at, **_facts_of(session))
    UserSession.objects.filter(user_id=user_id, ends_at__lte=timezone.now()).delete()
    # Two requests of one browser may come to note it at once; and the user may have been deleted a moment ago.
    with suppress(IntegrityError):
        UserSession.objects.bulk_create([row], ignore_conflicts=True)


def _note_older(user_id: UserPk, session: SessionBase) -> None:
    """Note a session that is older than the list, or that was kept by other means: nobody knows when it began.

    One that was ended a moment ago is in neither the list nor the store, and stays out of both.
    """
    account_is_there = get_user_model().objects.filter(pk=user_id).exists()
    if account_is_there and _alive([UserSession(**_facts_of(session))]):
        _begin(user_id, session, began_at=None)


def _end_stale(user_id: UserPk) -> None:
    """End the sessions from before a change of password. With a new SECRET_KEY alone there are none."""
    user = get_user_model().objects.filter(pk=user_id).first()
    if user:  # else it was deleted a moment ago, with its list
        _end(UserSession.objects.filter(user_id=user_id).exclude(password_mark__in=_marks_of(user)))


def _marks_of(user: AbstractBaseUser) -> set[str]:
    """The marks of a user's password, by each secret key of the site that still counts."""
    return {mark_of(each) for each in (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())}


def _digests_of(session: GatedSession) -> list[str]:
    """The digests of all keys that a session has had in this request."""
    return [digest_of(key) for key in {*session.deleted_keys, session.session_key or ""}]


def _facts_of(session: SessionBase) -> dict[str, Any]:
    key = session.session_key or ""
    return {
        "digest": digest_of(key),
        "sealed_key": "" if issubclass(_store(), HashedStore) else seal(key),
        "password_mark": mark_of(session.get(HASH_SESSION_KEY, "")),
        "ends_at": session.get_expiry_date(),
        "until_browser_closes": session.get_expire_at_browser_close(),
    }


@dataclass(frozen=True)
class _Noted:
    """The rows of users: of sessions that open something, of those from before a new password, and of none."""

    live: tuple[UserSession, ...]
    stale: tuple[UserSession, ...]
    gone: tuple[UserSession, ...]


def sessions_seen_from(session: SessionBase, user: AbstractBaseUser) -> tuple[LiveSession, ...]:
    """As `live_sessions`, for somebody who looks from one of them: that is listed even if it is older than the list."""
    found = live_sessions(user, session.session_key)
    if any(each.is_this_one for each in found) or session.session_key is None:
        return found
    ends_at, until_close = session.get_expiry_date(), session.get_expire_at_browser_close()
    return (*found, LiveSession(None, None, ends_at, until_close, is_this_one=True))


def live_sessions(user: AbstractBaseUser, this_key: str | None) -> tuple[LiveSession, ...]:
    """All sessions of a user that still open something, the newest first, in two queries. Changes nothing.

    What has ended otherwise (swept out of its store, or the password was changed elsewhere) is left out.
    """
    this = digest_of(this_key) if this_key else ""
    return tuple(
        LiveSession(row.pk, row.began_at, row.ends_at, row.until_browser_closes, row.digest == this)
        for row in _noted(user).live
    )


def prune_in_batches() -> Iterator[Batch]:
    """Forget the sessions that have ended by their time, and then clear away what else there is, a few at once.

    What nobody can find from here (`can_be_listed`) has no other end than its time.
    """
    yield from delete_in_batches(UserSession.objects.filter(ends_at__lt=timezone.now()), by="ends_at")
    noted = UserSession.objects.order_by("pk")
    found = list(noted[:NOTES_AT_ONCE]) if can_be_listed() else []
    while found:
        users = get_user_model().objects.filter(pk__in={row.user_id for row in found})
        yield Batch(_clear_away(_judged(found, users)), None)
        found = list(noted.filter(pk__gt=found[-1].pk)[:NOTES_AT_ONCE])


def clear_away(user: AbstractBaseUser) -> None:
    """Forget a user's sessions that have ended, and end those from before a new password."""
    _clear_away(_noted(user))


def _clear_away(noted: _Noted) -> int:
    _forget(noted.gone)
    return _end(noted.stale) + len(noted.gone)


def _noted(user: AbstractBaseUser) -> _Noted:
    rows = UserSession.objects.filter(user_id=user.pk)
    return _judged(rows.order_by(F("began_at").desc(nulls_last=True), "-ends_at"), [user])


def _judged(noted: Iterable[UserSession], users: Iterable[AbstractBaseUser]) -> _Noted:
    """What has become of sessions. Those of a user who is not among `users`, but was deleted a moment ago, are left."""
    now = timezone.now()
    marks = {user.pk: _marks_of(user) for user in users}
    rows = [row for row in noted if row.user_id in marks]
    alive = _alive([row for row in rows if row.ends_at > now])
    there = [row for row in rows if row.digest in alive]
    return _Noted(
        tuple(row for row in there if row.password_mark in marks[row.user_id]),
        tuple(row for row in there if row.password_mark not in marks[row.user_id]),
        tuple(row for row in rows if row.digest not in alive),
    )


def end(user: AbstractBaseUser, session_id: str, this_key: str | None) -> bool:
    """End one session of a user, not the present one. False if the user has no such session."""
    clear_away(user)
    try:
        rows = _others(user, this_key).filter(pk=UUID(session_id))
    except ValueError:
        return False
    return _end(rows) == 1


def end_others(user: AbstractBaseUser, this_key: str | None) -> int:
    """End all sessions of a user but the present one; gives back how many."""
    clear_away(user)
    return _end(_others(user, this_key))


def end_all(user: AbstractBaseUser) -> int:
    """End all sessions of a user; gives back how many."""
    return _end(UserSession.objects.filter(user_id=user.pk))


def _others(user: AbstractBaseUser, this_key: str | None) -> QuerySet[UserSession]:
    rows = UserSession.objects.filter(user_id=user.pk)
    return rows.exclude(digest=digest_of(this_key)) if this_key else rows


def _end(rows: Iterable[UserSession]) -> int:
    """Delete sessions in their store, and then their rows."""
    ended, store = list(rows), _store()
    if issubclass(store, HashedStore):
        store.end_hashed([row.digest for row in ended])
    else:
        for key in _keys_of(ended).values():
            store(key).delete()
    _forget(ended)
    return len(ended)


def _forget(rows: Iterable[UserSession]) -> None:
    if keys := [row.pk for row in rows]:
        UserSession.objects.filter(pk__in=keys).delete()


def _alive(rows: Iterable[UserSession]) -> set[str]:
    """The digests of those sessions that the store still knows: one query in a database, none elsewhere."""
    store = _store()
    if issubclass(store, HashedStore):
        return store.alive([row.digest for row in rows])
    keys = _keys_of(rows)
    if issubclass(store, DatabaseStore):
        found = store.get_model_class().objects.filter(pk__in=keys.values(), expire_date__gt=timezone.now())
        there = set(found.values_list("pk", flat=True))
        return {digest for digest, key in keys.items() if key in there}
    return {digest for digest, key in keys.items() if store().exists(key)}


def _keys_of(rows: Iterable[UserSession]) -> dict[str, str]:
    """The sessions' keys, by their digests; without those that this site can't open."""
    return {row.digest: key for row in rows if (key := unseal(row.sealed_key))}


def _store() -> type[SessionBase]:
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store
