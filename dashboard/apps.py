from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = _("Dashboard")

    def ready(self) -> None:
        if settings.DEBUG:
            from consent.signals import response_released  # noqa: PLC0415 -- they import what needs the settings
            from dashboard.recorder import note_response  # noqa: PLC0415

            response_released.connect(note_response)
