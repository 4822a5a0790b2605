"""The session as the request that shows the page finds it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.base import SessionBase

from consent_gate.api import Registry, StoreKind, is_secret, shortened, store_kind
from workbench.outcomes import as_python

if TYPE_CHECKING:
    from consent_gate.api import Text


@dataclass(frozen=True)
class Entry:
    """One key of a session and what it holds, as Python writes it; a secret is shortened."""

    key: str
    kind: str
    value: str
    is_secret: bool
    reason: "Text"


@dataclass(frozen=True)
class SessionSnapshot:
    """What a session is and holds. Ages are in seconds; `shortened_id` is "" where there is no session."""

    engine: StoreKind
    shortened_id: str
    entries: tuple[Entry, ...]
    car: str
    expiry_age: int
    expiry_date: datetime
    ends_with_browser: bool
    cookie_age: int

    @property
    def exists(self) -> bool:
        """Whether the browser brought a session that the site knows."""
        return bool(self.shortened_id)


def snapshot_of(session: SessionBase, *, engine: str, registry: Registry) -> SessionSnapshot:
    """Read a session, without a change to it. `engine` is the setting SESSION_ENGINE."""
    entries = tuple(_entries(session, registry))
    return SessionSnapshot(
        engine=store_kind(engine),
        shortened_id=shortened(session.session_key),
        entries=entries,
        car=as_python(session.get("my_car")),
        expiry_age=session.get_expiry_age(),
        expiry_date=session.get_expiry_date(),
        ends_with_browser=session.get_expire_at_browser_close(),
        cookie_age=session.get_session_cookie_age(),
    )


def _entries(session: SessionBase, registry: Registry) -> Iterator[Entry]:
    for key, value in sorted(session.items()):
        declared = registry.session_keys.find(key)
        masked = is_secret(declared)
        yield Entry(
            key=key,
            kind=type(value).__name__,
            value=shortened(str(value)) if masked else as_python(value),
            is_secret=masked,
            reason=declared.reason if declared else "",
        )
