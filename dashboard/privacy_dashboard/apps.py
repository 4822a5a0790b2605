from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from privacy_dashboard.checks import check_dashboard


class DashboardConfig(AppConfig):
    name = "privacy_dashboard"
    verbose_name = _("Dashboard")

    def ready(self) -> None:
        """Listen to the consent app. Raises ImproperlyConfigured where a project has not installed it."""
        if not apps.is_installed("consent_gate"):
            raise ImproperlyConfigured(
                'The dashboard shows what the consent gate knows. Write in INSTALLED_APPS: "consent_gate",'
            )
        from consent_gate.api import response_released, session_settled  # noqa: PLC0415 -- what needs the settings
        from privacy_dashboard.user_sessions import note_session  # noqa: PLC0415 -- and the models

        checks.register(check_dashboard, checks.Tags.urls)
        session_settled.connect(note_session)
        if settings.DEBUG:
            from privacy_dashboard.response_log import note_response  # noqa: PLC0415

            response_released.connect(note_response)
