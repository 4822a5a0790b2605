"""Numbers and a version of the catalogue, kept up to date by the database itself, whatever changes a row.

Triggers see what no signal of Django's does: `QuerySet.update`, `bulk_create`, other programs. They are made anew after
each `migrate`, as Django's way to alter an SQLite table makes another table in its place, without the triggers of the
old one (docs.djangoproject.com/en/5.2/topics/migrations/#sqlite).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.models import Count, Q
from django.utils.crypto import get_random_string

from catalog.models import Author, Book, BookInstance, Catalogue, CopyStatus, Genre

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class WrongCount:
    """A number that is kept, and what counting gives."""

    what: str
    kept: int
    counted: int


def install(using: str, **kwargs: Any) -> None:
    """Make the triggers in a database, whether or not it has them, and put the numbers right (`post_migrate`)."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    if Catalogue._meta.db_table not in tables:  # noqa: SLF001 -- an API that Django documents
        return  # as after `migrate catalog zero`
    with transaction.atomic(using), connection.cursor() as cursor:
        for statement in (SQL / f"{connection.vendor}.sql").read_text().split("\n\n"):
            cursor.execute(statement)
    rebuild(using)


@transaction.atomic
def rebuild(using: str = "default") -> None:
    """Count anew, and make what was counted the numbers that are kept."""
    Catalogue.objects.using(using).update_or_create(
        pk=Catalogue.ONLY, defaults={**counted(using), "version": get_random_string(32)}
    )
    for genre in _genres(using):
        if genre.num_books != genre.counted:
            Genre.objects.using(using).filter(pk=genre.pk).update(num_books=genre.counted)


def counted(using: str = "default") -> dict[str, int]:
    """What the rows say, by the names of the fields of `Catalogue`."""
    copies = BookInstance.objects.using(using).aggregate(
        copies=Count("pk"), available=Count("pk", filter=Q(status=CopyStatus.AVAILABLE))
    )
    return {**copies, "books": Book.objects.using(using).count(), "authors": Author.objects.using(using).count()}


def wrong_counts() -> list[WrongCount]:
    """The numbers that differ from the rows; none, unless somebody has switched the triggers off."""
    kept = Catalogue.objects.get(pk=Catalogue.ONLY)
    found = [WrongCount(name, getattr(kept, name), number) for name, number in counted().items()]
    found += [
        WrongCount(f"books of the genre “{genre}”", genre.num_books, genre.counted) for genre in _genres("default")
    ]
    return [each for each in found if each.kept != each.counted]


def _genres(using: str) -> Any:
    return Genre.objects.using(using).annotate(counted=Count("books"))


def current_catalogue() -> Catalogue:
    """The numbers and the version as they are now, by one query.

    Whoever keeps something made of the catalogue reads the version first: what changes meanwhile has another one.
    """
    catalogue = Catalogue.objects.filter(pk=Catalogue.ONLY).first()
    if catalogue is None:  # emptied, as by `manage.py flush`
        rebuild()
        catalogue = Catalogue.objects.get(pk=Catalogue.ONLY)
    return catalogue
