import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from consent_gate.receipts.receipts import verify


def unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its parts. Raises `ValueError` for two of one name: a reader may see the one, we the other."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name stands twice")
    return made


class Command(BaseCommand):
    help = "Says whether a receipt that a visitor downloaded is one that this site has signed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the receipt, a JSON document; - reads it from standard input")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            # -sig: some editors put a byte-order mark in front.
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            raise CommandError(f"{file!r} can't be read: {error}.") from None
        try:
            document = json.loads(text, object_pairs_hook=unambiguous)
        except (ValueError, RecursionError):
            raise CommandError(f"{file} is no JSON document, or one that says something twice.") from None
        verdict = verify(document)
        if not verdict.is_genuine:
            raise CommandError(f"{file} is {verdict.value}.")
        self.stdout.write(f"{file} is {verdict.value}.")
