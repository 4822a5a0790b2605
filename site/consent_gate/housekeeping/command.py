"""What the commands that delete what has ended have in common."""

from django.core.management import BaseCommand


class HousekeepingCommand(BaseCommand):
    """A command that looks at no system check: those import every view, 5 MiB that it has no other use for."""

    requires_system_checks: tuple[str, ...] = ()
