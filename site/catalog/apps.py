from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Keep the genres' counts right when an account is deleted, and its likes with it."""
        from catalog.likes import uncount  # noqa: PLC0415 -- models can be imported from here on
        from catalog.models import GenreLike  # noqa: PLC0415

        post_delete.connect(uncount, sender=GenreLike)
