from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from accounts.models import Tries


class Command(BaseCommand):
    help = "Deletes counts of tries at passwords and registrations that have ended."

    def handle(self, *args: Any, **options: Any) -> None:
        number, _by_model = Tries.objects.filter(ends_at__lte=timezone.now()).delete()
        self.stdout.write(f"Deleted {number} counts of tries.")
