from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Keep the genres' likes right when an account is deleted, and all other numbers by the database's triggers."""
        from catalog.counts import install, remove  # noqa: PLC0415 -- models can be imported from here on
        from catalog.likes import uncount  # noqa: PLC0415
        from catalog.models import GenreLike  # noqa: PLC0415

        post_delete.connect(uncount, sender=GenreLike)
        pre_migrate.connect(remove, sender=self)
        post_migrate.connect(install, sender=self)
