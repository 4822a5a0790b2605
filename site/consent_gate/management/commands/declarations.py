import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from consent_gate.declarations.declaration import registry
from consent_gate.declarations.purposes import OPTIONAL_PURPOSES
from consent_gate.declarations.staleness import stale_answers
from consent_gate.receipts.shown_texts import source_facts


class Command(BaseCommand):
    help = (
        "Prints what is declared, as JSON in the words of the source code. With --since, says instead which earlier "
        "answers the declarations of today make stale: nothing, if none."
    )
    requires_system_checks = ()  # it reads declarations alone, of a tree that may be half written

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=Path, metavar="FILE", help="what this command printed before")

    def handle(self, *args: Any, since: Path | None, **options: Any) -> None:
        now = source_facts(registry)
        if since is None:
            self.stdout.write(json.dumps(now, indent=2))
            return
        try:
            before = json.loads(since.read_text(encoding="utf-8"))
            sentences = stale_answers(before, now, OPTIONAL_PURPOSES)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(
                f"{since} is no file that this command printed ({error!r}). Write one with “manage.py declarations > "
                f"{since}” where the earlier version is checked out."
            ) from error
        for sentence in sentences:
            self.stdout.write(sentence)
