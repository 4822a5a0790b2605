"""Receipts of choices, and the texts that visitors were shown. No address, no user agent, no account: nobody's name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShownText(models.Model):
    """One version of what visitors were told before they answered, in one language; kept once, however often shown."""

    digest = models.CharField(_("digest"), max_length=64, primary_key=True, help_text=_("SHA-256 of the body."))
    language = models.CharField(_("language"), max_length=12)
    body = models.JSONField(_("text"))

    class Meta:
        verbose_name = _("shown text")
        verbose_name_plural = _("shown texts")

    def __str__(self) -> str:
        return f"{self.language} {self.digest[:12]}"


class Receipt(models.Model):
    """The record of one choice (GDPR, article 7(1): who asks for consent has to be able to show it)."""

    id = models.UUIDField(primary_key=True, editable=False)
    made_at = models.DateTimeField(_("made at"), db_index=True)
    answers = models.JSONField(_("answers"), help_text=_("Yes or no for each purpose."))
    fingerprints = models.JSONField(_("fingerprints"), help_text=_("Of the declarations that were answered for."))
    text = models.ForeignKey(ShownText, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("text"))
    place = models.CharField(_("place"), max_length=10)
    gpc = models.BooleanField(
        _("Global Privacy Control"), help_text=_("Whether the browser sent it."), db_column="signal"
    )
    """Its column, and `Place.GPC` as it is stored, keep the name that they had in earlier installations."""

    class Meta:
        ordering = ("-made_at",)
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.id}"
