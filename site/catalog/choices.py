"""What the search for books offers: the genres and the languages, remembered until the catalogue changes."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import CharField, IntegerField, Value

from catalog.models import Catalogue, Genre, Language


@dataclass(frozen=True)
class Option:
    """A genre or a language: its part of an address, its name, its key, and the number of its books if that is kept."""

    value: str
    name: str
    pk: int
    num_books: int


@dataclass(frozen=True)
class Options:
    """By their parts of an address, in the order of their names."""

    genres: dict[str, Option]
    languages: dict[str, Option]


def options_of(catalogue: Catalogue) -> Options:
    """What can be chosen now; costs a query once for each version of the catalogue."""
    return _options(catalogue.holdings_version)


@lru_cache(maxsize=4)
def _options(version: str) -> Options:
    genres = Genre.objects.order_by().annotate(kind=Value("genre", CharField()))
    languages = Language.objects.order_by().annotate(
        kind=Value("language", CharField()), number=Value(0, IntegerField())
    )
    rows = genres.values_list("kind", "slug", "name", "pk", "num_books").union(
        languages.values_list("kind", "code", "name", "pk", "number"), all=True
    )
    found = sorted(rows, key=lambda row: row[2])
    return Options(*({row[1]: Option(*row[1:]) for row in found if row[0] == kind} for kind in ("genre", "language")))
