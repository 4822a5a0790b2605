from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.management.commands import clearsessions

from consent.sessions import gated


class Command(clearsessions.Command):
    """Django's own, by the gate's rules: a file says nothing of when its session ends, so that what is in it counts."""

    def handle(self, **options: Any) -> None:
        gated(import_module(settings.SESSION_ENGINE).SessionStore).clear_expired()
