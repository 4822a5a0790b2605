from django.apps import AppConfig
from django.core import checks

from locallibrary.checks import check_data


class LibraryConfig(AppConfig):
    name = "locallibrary"

    def ready(self) -> None:
        checks.register(check_data, checks.Tags.security)
