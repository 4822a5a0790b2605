from typing import Any

from consent_gate.api import HousekeepingCommand, run_batches
from privacy_dashboard.user_sessions import prune_in_batches


class Command(HousekeepingCommand):
    help = (
        "Deletes the notes of accounts' sessions that have ended, and ends those from before a new password; "
        "`clearsessions` deletes expired sessions themselves."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Deleted {run_batches(prune_in_batches(), self.stderr)} notes of sessions.")
