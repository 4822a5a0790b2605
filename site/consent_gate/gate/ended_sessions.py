"""Deleting the sessions that have ended, whatever store they lie in."""

import os
import re
import time
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.backends.file import SessionStore as FileStore
from django.utils import timezone

from consent_gate.gate.sessions import gated
from consent_gate.housekeeping.batches import Batch, delete_in_batches

LEFT_BEHIND = timedelta(days=1)
"""The age at which a file that a session is written to before it takes its place belongs to nobody any more."""

AT_ONCE = 100
"""Files that are looked at in one batch."""

_KEY = re.compile(r"[a-z0-9]{8,}")
_BEING_WRITTEN = re.compile(r"[a-z0-9]{8,}_out_\w+")


def delete_ended_sessions(store: Any) -> Generator[Batch]:
    """Delete what a session store holds of sessions that have ended.

    From Django's stores in files and in a database, and from any that offers `clear_in_batches` over such a table. Any
    other goes by a rule of its own, at once, and doesn't say how many. Raises NotImplementedError for one that can't.
    """
    if _clears_as(store, FileStore):
        yield from _delete_files(gated(store)())
    elif _clears_as(store, DatabaseStore) or hasattr(store, "clear_in_batches"):
        table = store.get_model_class()
        yield from delete_in_batches(table.objects.filter(expire_date__lt=timezone.now()), by="expire_date")
    else:
        gated(store).clear_expired()


def _clears_as(store: Any, known: Any) -> bool:
    return issubclass(store, known) and store.clear_expired.__func__ is known.clear_expired.__func__


def _delete_files(store: Any) -> Generator[Batch]:
    """Go through the folder one name after the other: it may hold too many for a list."""
    deleted = seen = 0
    with os.scandir(store.storage_path) as entries:
        for entry in entries:
            name = entry.name.removeprefix(store.file_prefix)
            if name == entry.name:
                continue
            deleted += _delete_if_ended(type(store), name, Path(entry.path))
            seen += 1
            if seen == AT_ONCE:
                yield Batch(deleted, None)
                deleted = seen = 0
    yield Batch(deleted, None)


def _delete_if_ended(store: Any, name: str, path: Path) -> bool:
    """Whether this took a file away. One that vanishes or is written in the meantime is somebody else's."""
    try:
        modified = path.stat().st_mtime_ns
        if _KEY.fullmatch(name):
            ended = _has_ended(store(name), path)
        else:
            ended = bool(_BEING_WRITTEN.fullmatch(name)) and time.time() - modified / 1e9 > LEFT_BEHIND.total_seconds()
        if ended and path.stat().st_mtime_ns == modified:
            path.unlink()
            return True
    except OSError:
        pass
    return False


def _has_ended(session: Any, path: Path) -> bool:
    """Whether the session in a file has ended. A damaged one holds nothing, and ends as such."""
    try:
        content = path.read_text("ascii")
    except UnicodeDecodeError:
        content = ""
    kept = session.decode(content) if content else {}
    return bool(session.get_expiry_age(expiry=session._expiry_date(kept)) <= 0)  # noqa: SLF001 -- the gate's own
