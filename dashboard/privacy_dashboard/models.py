"""What the dashboard itself keeps: which sessions a user has, and that somebody used a right, and not who."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(models.TextChoices):
    """What a visitor asked for (GDPR, articles 15, 17 and 20)."""

    EXPORT = "export", _("export")
    ERASURE = "erasure", _("erasure")
    ACCOUNT_DELETION = "account", _("deletion of an account")


class RightsRequest(models.Model):
    """The trace of a request that used a right, as the CNIL asks for (its guide for developers, sheet 13).

    The random id is given to whoever asked, and to nobody else: with it they can show that, and when, they did. Nothing
    here leads from the trace to a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    right = models.CharField(_("right"), max_length=10, choices=Right)
    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("-at",)
        db_table = "privacy_dashboard_exercise"  # as in earlier installations
        verbose_name = _("exercise of a right")
        verbose_name_plural = _("exercises of rights")

    def __str__(self) -> str:
        return f"{self.right} {self.at:%Y-%m-%d %H:%M} {self.id}"


class UserSession(models.Model):
    """One session of a user: enough to list it and to end it, whatever store it lies in; no address, no user agent.

    The session's own key is never kept as such: `digest` finds it. `sealed_key` is of use to this site alone, and empty
    where the session engine knows sessions by their digests too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="user_sessions",
        verbose_name=_("account"),
        db_column="account_id",
    )
    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the session's key."))
    sealed_key = models.TextField(help_text=_("The session's key, encrypted."))
    password_mark = models.CharField(max_length=64, help_text=_("Tells sessions from before a change of password."))
    began_at = models.DateTimeField(
        _("began at"), null=True, help_text=_("Not known of a session that is older than this list.")
    )
    ends_at = models.DateTimeField(_("ends at"), db_index=True)
    until_browser_closes = models.BooleanField(_("until the browser closes"))

    class Meta:
        db_table = "privacy_dashboard_accountsession"  # as in earlier installations, and its column `account_id`
        indexes = (models.Index(fields=("user", "ends_at"), name="sessions_of_an_account"),)
        verbose_name = _("session of an account")
        verbose_name_plural = _("sessions of accounts")

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.id}" if self.began_at else str(self.id)
