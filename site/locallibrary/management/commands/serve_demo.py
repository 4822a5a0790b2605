import threading
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import runserver

CLEARING_INTERVAL = 86_400
"""Seconds between two runs of `clearsessions` and its like: once a day, as Django's documentation advises."""


PRUNING = ("prune_user_sessions", "prune_accounts", "prune_tries", "prune_rights_requests", "prune_receipts")


class Command(runserver.Command):
    help = (
        "Bring the database up to date, load the library and the demo accounts, and serve the site for a person to try."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo runs in development mode alone: set DEBUG=true.")
        call_command("migrate", verbosity=0)
        call_command("seed_library", verbosity=0)
        threading.Thread(target=self.clear_daily, daemon=True).start()
        super().handle(
            addrport=str(options["port"]),
            use_ipv6=False,
            use_threading=True,
            use_reloader=False,
            skip_checks=True,
            shutdown_message="\nStopped.",
        )

    def clear_daily(self) -> None:
        """Delete expired sessions, old traces and old receipts now and once a day, for as long as the server runs."""
        stopped = threading.Event()
        while not stopped.wait(0):
            for command in ("clearsessions", *PRUNING):
                call_command(command, stdout=StringIO())
            stopped.wait(CLEARING_INTERVAL)

    def on_bind(self, server_port: int) -> None:
        """Say where the site is, and what a person needs to try it. The first request is served from now on."""
        self.stdout.write(
            self.style.SUCCESS(f"\nThe library is open: http://127.0.0.1:{server_port}/  (Ctrl-C stops it)\n")
        )
        self.stdout.write("Demo accounts (name, password, what it may do):")
        call_command("create_demo_accounts", stdout=self.stdout)
        self.stdout.write(
            f"\nData folder: {settings.DATA_DIR}\n"
            f"Sessions: engine “{settings.ENVIRONMENT.session_engine}”. "
            "Expired ones, and old receipts of choices, are deleted now and every 24 hours "
            f"(manage.py clearsessions, {', '.join(PRUNING)}).\n"
        )
        # Python keeps back what it writes to a pipe, as in `scripts/demo | tee log`.
        self.stdout.flush()
