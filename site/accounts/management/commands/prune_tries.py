from typing import Any

from django.utils import timezone

from accounts.models import Tries
from consent_gate.api import HousekeepingCommand, delete_in_batches, run_batches


class Command(HousekeepingCommand):
    help = "Deletes counts of tries at passwords and registrations that have ended."

    def handle(self, *args: Any, **options: Any) -> None:
        ended = Tries.objects.filter(ends_at__lte=timezone.now())
        number = run_batches(delete_in_batches(ended, by="ends_at"), self.stderr)
        self.stdout.write(f"Deleted {number} counts of tries.")
