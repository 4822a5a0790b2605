from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.management.commands import clearsessions
from django.core.management import CommandError

from consent_gate.gate.sessions import gated


class Command(clearsessions.Command):
    """Django's own, by the gate's rules: a file says nothing of when its session ends, so that what is in it counts."""

    def handle(self, **options: Any) -> None:
        try:
            gated(import_module(settings.SESSION_ENGINE).SessionStore).clear_expired()
        except NotImplementedError:
            raise CommandError(f"The session engine {settings.SESSION_ENGINE} can't clear expired sessions.") from None
