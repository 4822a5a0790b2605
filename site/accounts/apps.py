from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Listen for the first page that a new account is used on."""
        from accounts.first_use import note_first_use  # noqa: PLC0415 -- what needs the models
        from consent_gate.api import session_settled  # noqa: PLC0415 -- and the settings

        session_settled.connect(note_first_use)
