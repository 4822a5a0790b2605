from typing import Any

from django.apps import apps
from django.core.management import BaseCommand, CommandError, CommandParser

from exact_sessions.moving import left_behind, move_in, waiting


class Command(BaseCommand):
    help = (
        "Moves the sessions of Django's own table into the table of exact_sessions, so that nobody is signed out. "
        "It may be stopped, and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--back", action="store_true", help="say how sessions get back into Django's table")

    def handle(self, *_arguments: Any, back: bool, **_options: Any) -> None:
        if not apps.is_installed("django.contrib.sessions"):
            raise CommandError(
                "Django's table of sessions is not in this project. "
                'Write in INSTALLED_APPS: "django.contrib.sessions",'
            )
        if back:
            self._explain()
            return
        total, done = waiting().count(), 0
        for moved in move_in(waiting()):
            done += moved
            self.stdout.write(f"\r{done} of {max(done, total)} sessions moved", ending="")
            self.stdout.flush()
        self.stdout.write("\n" if done else "There are no sessions to move.\n", ending="")

    def _explain(self) -> None:
        self.stdout.write(
            f"{left_behind()} sessions are in the table of exact_sessions, by the hashes of their keys. Django's table "
            'needs the keys, which only visitors bring along. With SESSION_ENGINE = "exact_sessions.to_django" each '
            "session moves back when its visitor comes. When this number is 0, or when as much time has gone by as "
            "sessions last, Django's own engine can take over; sessions that are left by then are over."
        )
