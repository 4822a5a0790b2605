"""The table of sessions. It holds no session key: whoever reads it can open no session with it."""

from typing import Any, ClassVar

from django.contrib.sessions.backends.base import SessionBase
from django.db import models
from django.utils.translation import gettext_lazy as _


class AbstractExactSession(models.Model):
    """What the engine needs of a table. A model of a project's own may add columns, as with Django's engine.

    Source: docs.djangoproject.com/en/5.2/topics/http/sessions/#extending-database-backed-session-engines
    """

    key_hash = models.CharField(
        _("hash"), max_length=64, primary_key=True, help_text=_("SHA-256 of the session's key.")
    )
    session_data = models.TextField(_("session data"), help_text=_("Encoded and signed by Django."))
    expire_date = models.DateTimeField(_("expire date"), db_index=True)
    version = models.BigIntegerField(default=1, help_text=_("One more each time the session is saved."))
    erased = models.JSONField(
        default=dict, blank=True, help_text=_("Names of erased keys, and the version at which they went.")
    )

    objects: ClassVar[models.Manager["AbstractExactSession"]] = models.Manager()

    class Meta:
        abstract = True
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return self.key_hash

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The engine that reads this table."""
        raise NotImplementedError

    def get_decoded(self) -> dict[str, Any]:
        """What the session holds, as Django's own model gives it back."""
        decoded: dict[str, Any] = self.get_session_store_class()().decode(self.session_data)
        return decoded


class ExactSession(AbstractExactSession):
    """One session."""

    class Meta(AbstractExactSession.Meta):
        abstract = False
        db_table = "exact_sessions_session"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The engine that reads this table."""
        from exact_sessions.db import SessionStore  # noqa: PLC0415 -- the engine imports this module

        return SessionStore
