from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand
from django.utils import timezone

from privacy_dashboard.models import AccountSession
from privacy_dashboard.user_sessions import can_be_listed, clear_away


class Command(BaseCommand):
    help = (
        "Deletes the notes of accounts' sessions that have ended, and ends those from before a new password; "
        "`clearsessions` deletes expired sessions themselves."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number, _by_model = AccountSession.objects.filter(ends_at__lt=timezone.now()).delete()
        if can_be_listed():
            accounts = list(AccountSession.objects.order_by().values_list("account_id", flat=True).distinct())
            for account in (get_user_model().objects.filter(pk=each).first() for each in accounts):
                number += clear_away(account) if account else 0
        self.stdout.write(f"Deleted {number} notes of sessions.")
