from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User

DEMO_ACCOUNTS = (("reader", "a good book", False), ("librarian", "quiet please", True))
"""Name, password, and whether the account may use the administration pages."""


class Command(BaseCommand):
    help = "Create the demo accounts, whose passwords everybody knows. Works in development mode alone."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demo accounts have public passwords; set DEBUG=true if this really is a demo.")
        for name, password, is_librarian in DEMO_ACCOUNTS:
            user, is_new = User.objects.get_or_create(
                username=name, defaults={"is_staff": is_librarian, "is_superuser": is_librarian}
            )
            if is_new:
                user.set_password(password)
                user.save()
            pages = "all pages, administration too" if is_librarian else "the library"
            self.stdout.write(f"  {name:<10} {password:<14} {pages}")
