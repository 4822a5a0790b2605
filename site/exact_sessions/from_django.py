"""For the days of a change from Django's engine to this one: SESSION_ENGINE = "exact_sessions.from_django".

A session that is not in this engine's table is looked for in Django's, and moved. `manage.py move_sessions` moves the
rest; then the setting can be "exact_sessions.db".
"""

from asgiref.sync import sync_to_async

from exact_sessions.db import ExactSessionStore, StoredForm
from exact_sessions.moving import bring_in


class ArrivingSessionStore(ExactSessionStore):
    """As `ExactSessionStore`, and knows the sessions of Django's table."""

    def exists(self, session_key: str | None) -> bool:
        """Whether there is a session by this key in either table."""
        return super().exists(session_key) or (session_key is not None and bring_in(session_key))

    async def aexists(self, session_key: str | None) -> bool:
        """As `exists`."""
        return await sync_to_async(ArrivingSessionStore.exists)(self, session_key)

    def delete(self, session_key: str | None = None) -> None:
        """End this session, or the one with another key, wherever it is."""
        key = self.session_key if session_key is None else session_key
        if key is not None:
            bring_in(key)
        super().delete(key)

    async def adelete(self, session_key: str | None = None) -> None:
        """As `delete`."""
        await sync_to_async(ArrivingSessionStore.delete)(self, session_key)

    def _find(self) -> StoredForm | None:
        found = super()._find()
        return super()._find() if found is None and bring_in(self.session_key or "") else found


SessionStore = ArrivingSessionStore
