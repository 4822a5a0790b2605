"""What the dashboard itself keeps: that somebody used a right, and not who."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(models.TextChoices):
    """What a visitor asked for (GDPR, articles 15, 17 and 20)."""

    EXPORT = "export", _("export")
    ERASURE = "erasure", _("erasure")
    ACCOUNT_DELETION = "account", _("deletion of an account")


class Exercise(models.Model):
    """The trace of one exercise of a right, as the CNIL asks for (its guide for developers, sheet 13).

    The random id is given to whoever asked, and to nobody else: with it they can show that, and when, they did. Nothing
    here leads from the trace to a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    right = models.CharField(_("right"), max_length=10, choices=Right)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ("-at",)
        verbose_name = _("exercise of a right")
        verbose_name_plural = _("exercises of rights")

    def __str__(self) -> str:
        return f"{self.right} {self.at:%Y-%m-%d %H:%M} {self.id}"
