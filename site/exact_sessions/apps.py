from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExactSessionsConfig(AppConfig):
    name = "exact_sessions"
    verbose_name = _("Sessions")
    default_auto_field = "django.db.models.BigAutoField"
