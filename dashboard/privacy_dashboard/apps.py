from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "privacy_dashboard"
    verbose_name = _("Dashboard")

    def ready(self) -> None:
        from consent_gate.api import response_released, session_settled  # noqa: PLC0415 -- what needs the settings
        from privacy_dashboard.account_sessions import note_session  # noqa: PLC0415 -- and the models

        session_settled.connect(note_session)
        if settings.DEBUG:
            from privacy_dashboard.recorder import note_response  # noqa: PLC0415

            response_released.connect(note_response)
