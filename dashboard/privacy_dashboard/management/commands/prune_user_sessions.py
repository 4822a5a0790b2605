from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand
from django.utils import timezone

from privacy_dashboard.models import UserSession
from privacy_dashboard.user_sessions import can_be_listed, clear_away


class Command(BaseCommand):
    help = (
        "Deletes the notes of accounts' sessions that have ended, and ends those from before a new password; "
        "`clearsessions` deletes expired sessions themselves."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number, _by_model = UserSession.objects.filter(ends_at__lt=timezone.now()).delete()
        if can_be_listed():
            users = list(UserSession.objects.order_by().values_list("user_id", flat=True).distinct())
            for user in (get_user_model().objects.filter(pk=each).first() for each in users):
                number += clear_away(user) if user else 0
        self.stdout.write(f"Deleted {number} notes of sessions.")
