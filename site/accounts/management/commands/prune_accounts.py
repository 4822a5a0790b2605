from typing import Any

from django.core.management import BaseCommand

from accounts.first_use import never_used
from accounts.models import User


class Command(BaseCommand):
    help = "Deletes accounts that somebody opened and nobody ever used."

    def handle(self, *args: Any, **options: Any) -> None:
        _rows, by_model = never_used().delete()
        self.stdout.write(f"Deleted {by_model.get(User._meta.label, 0)} accounts that nobody ever used.")  # noqa: SLF001 -- documented
