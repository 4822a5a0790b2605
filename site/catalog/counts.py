"""Numbers and a version of the catalogue, kept up to date by the database itself, whatever changes a row.

Triggers see what no signal of Django's does: `QuerySet.update`, `bulk_create`, other programs. Before each `migrate`
they go, and after it they are made anew: Django's way to alter an SQLite table makes another table in its place
(docs.djangoproject.com/en/5.2/topics/migrations/#sqlite), which has no triggers, and which those of others hinder.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Q
from django.utils.crypto import get_random_string

from catalog.models import Author, Book, BookInstance, Catalogue, CopyStatus, Genre

SQL = Path(__file__).parent / "sql"
VERSIONS = ("version", "holdings_version", "popularity_version")


@dataclass(frozen=True)
class WrongCount:
    """A number that is kept, and what counting gives."""

    what: str
    kept: int
    counted: int


def remove(using: str, **kwargs: Any) -> None:
    """Take the triggers out of the way of a migration, where they stand in it (`pre_migrate`)."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in _statements("sqlite"):
                if "DROP TRIGGER" in statement:
                    cursor.execute(statement)


def install(using: str, **kwargs: Any) -> None:
    """Make the triggers in a database, whether or not it has them, and put the numbers right (`post_migrate`)."""
    connection = connections[using]
    if not _is_of_today(connection):
        return  # as after `migrate catalog zero`
    with transaction.atomic(using), connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)
    rebuild(using)


def _is_of_today(connection: BaseDatabaseWrapper) -> bool:
    table, fields = Catalogue._meta.db_table, Catalogue._meta.concrete_fields  # noqa: SLF001 -- an API of Django's
    if table not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        columns = {each.name for each in connection.introspection.get_table_description(cursor, table)}
    return columns >= {each.column for each in fields}


def _statements(vendor: str) -> list[str]:
    return (SQL / f"{vendor}.sql").read_text().split("\n\n")


@transaction.atomic
def rebuild(using: str = "default") -> None:
    """Count anew, and make what was counted the numbers that are kept."""
    Catalogue.objects.using(using).update_or_create(
        pk=Catalogue.ONLY,
        defaults={**counted(using), **{version: get_random_string(32) for version in VERSIONS}},
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
