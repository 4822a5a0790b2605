from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from consent_gate.conf import configuration


class ConsentConfig(AppConfig):
    name = "consent_gate"
    verbose_name = _("Consent")

    def ready(self) -> None:
        """Find all declarations. Raises ImproperlyConfigured for a setting or a declaration that can't be one."""
        configuration()
        from consent_gate.declarations.discovery import discover  # noqa: PLC0415 -- it imports what needs the settings

        discover()
        from consent_gate.checks import TAG, check_consent, check_deployment  # noqa: PLC0415 -- it imports what needs the settings

        checks.register(check_consent, TAG)
        checks.register(check_deployment, TAG, deploy=True)
