from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalog.models import Author, Book, BookInstance
from catalog.seeding import generate_books, load_collection


class Command(BaseCommand):
    help = "Load the library's collection; running it again adds only what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--books",
            type=int,
            default=0,
            metavar="N",
            help="for load tests: have N made-up books beside the collection",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted: int = options["books"]
        if wanted < 0:
            raise CommandError("--books takes a number from 0 on.")
        today = timezone.localdate()
        load_collection(today)
        for made in generate_books(wanted, today):
            self.stderr.write(f"{made} of {wanted} made-up books")
        if options["verbosity"]:
            self.stdout.write(
                f"The library has {Book.objects.count()} books by {Author.objects.count()} authors, "
                f"in {BookInstance.objects.count()} copies."
            )
