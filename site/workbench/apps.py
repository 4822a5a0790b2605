from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "workbench"
    verbose_name = _("Session workbench")

    def ready(self) -> None:
        from consent_gate.api import response_released  # noqa: PLC0415 -- what needs the settings
        from workbench.views import ResultRedirect, address_result  # noqa: PLC0415

        response_released.connect(address_result, sender=ResultRedirect)
