"""A table of sessions with a column of the project's own, as in Django's documentation."""

from typing import Any, ClassVar

from django.contrib.sessions.backends.base import SessionBase
from django.db import models

from exact_sessions.db import ExactSessionStore
from exact_sessions.models import AbstractExactSession


class CustomSession(AbstractExactSession):
    account_id = models.IntegerField(null=True, db_index=True)

    objects: ClassVar[models.Manager["CustomSession"]] = models.Manager()

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The engine that reads this table."""
        return CustomSessionStore


class CustomSessionStore(ExactSessionStore):
    @classmethod
    def get_model_class(cls) -> type[AbstractExactSession]:
        """The table's model."""
        return CustomSession

    def create_model_instance(self, data: dict[str, Any]) -> AbstractExactSession:
        """The row, with whose session it is."""
        row = super().create_model_instance(data)
        row.account_id = data.get("_auth_user_id")  # type: ignore[attr-defined] # it is a CustomSession
        return row
