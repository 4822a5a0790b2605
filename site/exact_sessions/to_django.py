"""For the days of a change back to Django's engine: SESSION_ENGINE = "exact_sessions.to_django".

It is Django's engine for the database. A session that is not in its table is looked for in this app's, and moved: its
visitor brings the key, which is all that is missing there.
"""

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from exact_sessions.moving import bring_back


class LeavingSessionStore(DatabaseStore):
    """Django's own, and knows the sessions of this app's table."""

    @property
    def key_salt(self) -> str:
        """As Django's own signs."""
        return "django.contrib.sessions.SessionStore"

    def load(self) -> dict[str, Any]:
        """Load the session, from where it is."""
        key = self.session_key
        found: dict[str, Any] = super().load()
        if self.session_key is None and bring_back(key or ""):
            self._session_key = key
            found = super().load()
        return found

    async def aload(self) -> dict[str, Any]:
        """As `load`."""
        return await sync_to_async(LeavingSessionStore.load)(self)

    def delete(self, session_key: str | None = None) -> None:
        """End this session, or the one with another key, wherever it is."""
        bring_back(session_key or self.session_key or "")
        super().delete(session_key)

    async def adelete(self, session_key: str | None = None) -> None:
        """As `delete`."""
        await sync_to_async(LeavingSessionStore.delete)(self, session_key)


SessionStore = LeavingSessionStore
