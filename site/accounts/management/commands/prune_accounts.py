from typing import Any

from accounts.first_use import never_used
from consent_gate.api import HousekeepingCommand, delete_in_batches, run_batches


class Command(HousekeepingCommand):
    help = "Deletes accounts that somebody opened and nobody ever used."

    def handle(self, *args: Any, **options: Any) -> None:
        number = run_batches(delete_in_batches(never_used(), by="date_joined"), self.stderr)
        self.stdout.write(f"Deleted {number} accounts that nobody ever used.")
