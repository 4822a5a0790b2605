from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import CommandError
from django.db.models import Exists, OuterRef
from django.utils import timezone

from consent_gate.decision.choice import CHOICE_LIFETIME
from consent_gate.housekeeping.batches import delete_in_batches
from consent_gate.housekeeping.command import HousekeepingCommand
from consent_gate.housekeeping.progress import run
from consent_gate.models import Receipt, ShownText
from consent_gate.receipts.receipts import KEPT_FOR

USUAL_DAYS = KEPT_FOR.days
MOST_DAYS = 36_500


class Command(HousekeepingCommand):
    help = "Deletes old receipts, and the texts that no receipt refers to any more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than", type=int, default=USUAL_DAYS, metavar="DAYS", help=f"usually {USUAL_DAYS}; 180 or more"
        )

    def handle(self, *args: Any, older_than: int, **options: Any) -> None:
        if older_than < CHOICE_LIFETIME.days:
            raise CommandError(
                f"--older-than takes {CHOICE_LIFETIME.days} days or more: as long as the choice itself counts."
            )
        if older_than > MOST_DAYS:
            raise CommandError(f"--older-than takes {MOST_DAYS} days at most.")
        old = Receipt.objects.filter(made_at__lt=timezone.now() - timedelta(days=older_than))
        number = run(delete_in_batches(old, by="made_at"), self.stderr)
        # Texts are few. Whether one is referred to is asked once for each, and not of each receipt.
        texts, _by_model = ShownText.objects.filter(~Exists(Receipt.objects.filter(text=OuterRef("pk")))).delete()
        self.stdout.write(f"Deleted {number} receipts and {texts} texts.")
