import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from consent.receipts import verify


class Command(BaseCommand):
    help = "Says whether a receipt that a visitor downloaded is one that this site has signed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the receipt, a JSON document; - reads it from standard input")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} can't be read: {error}.") from None
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            raise CommandError(f"{file} is no JSON document.") from None
        verdict = verify(document)
        if not verdict.is_genuine:
            raise CommandError(f"{file} is {verdict.value}.")
        self.stdout.write(f"{file} is {verdict.value}.")
