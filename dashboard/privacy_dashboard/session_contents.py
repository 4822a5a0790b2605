"""What the server keeps in a visitor's session: the keys, and the form in which the store holds them."""

import json
import pickle
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.cache import SessionStore as CacheStore
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.backends.file import SessionStore as FileStore
from django.contrib.sessions.backends.signed_cookies import SessionStore as CookieStore
from django.core import signing
from django.core.cache import caches
from django.utils.translation import gettext_lazy as _

from consent_gate.api import (
    Declarations,
    Purpose,
    SessionKeyDeclaration,
    StoreKind,
    duration,
    in_short,
    is_secret,
    shortened,
    store_kind,
)
from privacy_dashboard.conf import idle_limit
from privacy_dashboard.expiries import AT_BROWSER_CLOSE, Expiry, ExpiryKind, exactly
from privacy_dashboard.hashed_store import HashedStore

if TYPE_CHECKING:
    from consent_gate.api import Text

MOST_SHOWN = 50
"""Keys of a session that a page lists one by one."""


@dataclass(frozen=True)
class SessionKey:
    """One key of a session, as it was loaded. `size` is that of its value as JSON, in bytes."""

    name: str
    value: Any
    declaration: SessionKeyDeclaration | None

    @property
    def text(self) -> str:
        """The value as it is stored: JSON, with letters of every script as themselves."""
        return json.dumps(self.value, ensure_ascii=False, default=repr)

    @property
    def type(self) -> "Text":
        """What kind of value it is."""
        return _TYPES.get(type(self.value), type(self.value).__name__)

    @property
    def short_text(self) -> str:
        """The value as the page shows it unasked."""
        return in_short(self.text, secret=self.is_secret)

    @property
    def size(self) -> int:
        return len(self.text.encode())

    @property
    def purpose(self) -> Purpose | None:
        return self.declaration.purpose if self.declaration else None

    @property
    def is_secret(self) -> bool:
        return is_secret(self.declaration)


_TYPES: "dict[type, Text]" = {
    bool: _("yes or no"),
    int: _("whole number"),
    float: _("number"),
    str: _("text"),
    list: _("list"),
    dict: _("dictionary"),
    type(None): _("nothing"),
}


@dataclass(frozen=True)
class Stored:
    """How a store holds one session.

    `form` is the text that it keeps, or None where it keeps no text. `expires_at` is when the store forgets it, where
    it tells. `is_corrupt`: the store holds something under this id that can't be read.
    """

    form: str | None
    size: int
    expires_at: datetime | None = None
    is_corrupt: bool = False


@dataclass(frozen=True)
class SessionRecord:
    """A visitor's session with all that is in it.

    `idle_limit` is how long it may stand unused: only one that should end with the browser has such a limit.
    """

    engine: StoreKind
    short_id: str
    keys: tuple[SessionKey, ...]
    stored: Stored
    ends: Expiry
    server_ends: Expiry
    idle_limit: timedelta | None

    @property
    def shown(self) -> tuple[SessionKey, ...]:
        """The keys that a page lists one by one, those that are declared first."""
        return tuple(sorted(self.keys, key=lambda key: key.declaration is None)[:MOST_SHOWN])

    @property
    def left_out(self) -> int:
        """How many more there are."""
        return len(self.keys) - len(self.shown)

    @property
    def idle_limit_text(self) -> str:
        """The limit in words; none for a session without one."""
        return duration(self.idle_limit) if self.idle_limit else ""


def session_record(session: SessionBase, declared: Declarations[SessionKeyDeclaration]) -> SessionRecord | None:
    """Look into a request's session without changing it; None if the browser's id belongs to no session."""
    names = list(session.keys())  # loads it
    if session.session_key is None:
        return None
    stored = stored_form(session)
    if stored is None:
        return None
    keys = tuple(SessionKey(name, session[name], declared.find(name)) for name in sorted(names))
    server_ends = server_expiry(session, stored)
    until_close = session.get_expire_at_browser_close()
    return SessionRecord(
        store_kind(settings.SESSION_ENGINE),
        shortened(session.session_key),
        keys,
        stored,
        AT_BROWSER_CLOSE if until_close else server_ends,
        server_ends,
        idle_limit() if until_close else None,
    )


def server_expiry(session: SessionBase, stored: Stored) -> Expiry:
    """When the server forgets a session: the store's own word, else counted from the last time it was saved."""
    if stored.expires_at:
        return exactly(stored.expires_at)
    expiry = session.get("_session_expiry")
    if isinstance(expiry, str):  # a date, as `set_expiry` keeps it
        return exactly(session.get_expiry_date())
    return Expiry(ExpiryKind.AT_MOST, within=timedelta(seconds=session.get_expiry_age()))


def stored_form(session: SessionBase) -> Stored | None:
    """What the store holds of a session; None if it holds nothing. Stores that don't tell are read once more."""
    key = session.session_key or ""
    if isinstance(session, HashedStore):
        row = session.stored_row()
        return _row(session, row.session_data, row.expire_date) if row else None
    if isinstance(session, DatabaseStore):
        rows = session.get_model_class().objects.filter(pk=key)  # `first` would sort them
        return next((_row(session, *row) for row in rows.values_list("session_data", "expire_date")), None)
    if isinstance(session, FileStore):
        return _file(session, _path_of(session))
    if isinstance(session, CacheStore):
        return _cached(session)
    if isinstance(session, CookieStore):
        return Stored(key, len(key.encode()), is_corrupt=not _is_signed(key, session))
    return Stored(None, 0)


def _row(session: SessionBase, form: str, expires_at: datetime) -> Stored:
    return Stored(form, len(form.encode()), expires_at, is_corrupt=not _is_readable(form, session))


def _path_of(session: FileStore) -> Path:
    path: str = session._key_to_file()  # type: ignore[attr-defined] # noqa: SLF001 -- the store has no public name for it
    return Path(path)


def _file(session: SessionBase, path: Path) -> Stored | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    form = content.decode("ascii", errors="replace")
    return Stored(form, len(content), is_corrupt=not _is_readable(form, session))


def _cached(session: CacheStore) -> Stored | None:
    kept = caches[settings.SESSION_CACHE_ALIAS].get(session.cache_key)
    if kept is None:
        return None
    # Caches keep Python's own form of objects, which is no text.
    return Stored(None, len(pickle.dumps(kept)), is_corrupt=not isinstance(kept, dict))


def _is_readable(form: str, session: SessionBase) -> bool:
    """Whether the store's text opens with this site's key; Django itself takes what doesn't for an empty session."""
    try:
        signing.loads(form, salt=session.key_salt, serializer=session.serializer)
    except (signing.BadSignature, ValueError, UnicodeError):
        return False
    return True


def _is_signed(value: str, session: SessionBase) -> bool:
    try:
        signing.loads(
            value,
            salt="django.contrib.sessions.backends.signed_cookies",
            serializer=session.serializer,
            max_age=session.get_session_cookie_age(),
        )
    except (signing.BadSignature, ValueError, UnicodeError):
        return False
    return True
