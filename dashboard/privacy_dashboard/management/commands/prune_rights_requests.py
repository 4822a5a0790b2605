from typing import Any

from consent_gate.api import HousekeepingCommand, run_batches
from privacy_dashboard.rights_requests import prune_in_batches


class Command(HousekeepingCommand):
    help = "Deletes the traces of exports and erasures that are older than a year, or more than 1,000 of one day."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Deleted {run_batches(prune_in_batches(), self.stderr)} traces of rights.")
