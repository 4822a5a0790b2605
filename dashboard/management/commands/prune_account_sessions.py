from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from dashboard.models import AccountSession


class Command(BaseCommand):
    help = "Deletes the notes of accounts' sessions that have ended; `clearsessions` deletes the sessions themselves."

    def handle(self, *args: Any, **options: Any) -> None:
        number, _by_model = AccountSession.objects.filter(ends_at__lt=timezone.now()).delete()
        self.stdout.write(f"Deleted {number} notes of sessions.")
