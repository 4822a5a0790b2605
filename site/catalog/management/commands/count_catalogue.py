from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.counts import install, wrong_counts


class Command(BaseCommand):
    help = "Compare the numbers that the database keeps of the catalogue with its rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="put them right")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = wrong_counts()
        for each in wrong:
            self.stdout.write(f"{each.what}: {each.kept} kept, {each.counted} counted")
        if options["rebuild"]:
            install("default")
        elif wrong:
            raise CommandError("Some numbers are wrong; manage.py count_catalogue --rebuild puts them right.")
        elif options["verbosity"]:
            self.stdout.write("All numbers are right.")
