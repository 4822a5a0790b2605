from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.management.commands import clearsessions
from django.core.management import CommandError

from consent_gate.gate.ended_sessions import delete_ended_sessions
from consent_gate.housekeeping.command import HousekeepingCommand
from consent_gate.housekeeping.progress import run


class Command(clearsessions.Command):
    """Django's own, a few sessions at a time, and by the gate's rules for files: what is in one says when it ends."""

    requires_system_checks = HousekeepingCommand.requires_system_checks

    def handle(self, **options: Any) -> None:
        try:
            number = run(delete_ended_sessions(import_module(settings.SESSION_ENGINE).SessionStore), self.stderr)
        except NotImplementedError:
            raise CommandError(f"The session engine {settings.SESSION_ENGINE} can't clear expired sessions.") from None
        if options["verbosity"] and number:
            self.stdout.write(f"Deleted {number} sessions that had ended.")
