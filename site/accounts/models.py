from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A reader with an account. Registration asks for a name and a password, and for nothing else."""

    has_been_used = models.BooleanField(
        _("has been used"),
        default=True,
        help_text=_(
            "Whether a browser that keeps cookies was ever signed in. An account that somebody opened and nobody ever "
            "used is deleted within a day."
        ),
    )

    class Meta(AbstractUser.Meta):
        # Nearly all accounts have been used; those that `accounts.first_use.never_used` looks for are found by this.
        indexes = (models.Index(fields=("date_joined",), condition=Q(has_been_used=False), name="never_used"),)


class Tries(models.Model):
    """How often something was tried that must not be tried without end (`accounts.tries`).

    Belongs to nobody: the mark is a keyed hash, the key another one each day. Of no use once it has ended.
    """

    mark = models.CharField(max_length=32, primary_key=True)
    number = models.PositiveIntegerField(_("number"))
    ends_at = models.DateTimeField(_("ends at"), db_index=True)

    class Meta:
        verbose_name = _("count of tries")
        verbose_name_plural = _("counts of tries")

    def __str__(self) -> str:
        return f"{self.mark}: {self.number}"
