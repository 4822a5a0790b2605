"""What suggestions are picked from: the most viewed books of each genre, kept in each process.

Kept under two versions that the database gives the catalogue: that of its holdings, and that of the order of its books
by popularity. So what is kept is right over all processes, the moment that a book or a genre changes, or that a view
makes a book more popular.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import IntegerField, Value

from catalog.choices import options_of
from catalog.models import Book, Catalogue

ON_A_SHELF = 25
"""As many books of a genre are looked at, however large the library is."""

GENRES_AT_ONCE = 20
"""Shelves that one query reads. SQLite takes no more than 500 (sqlite.org/limits.html)."""

COLUMNS = ("pk", "title", "author__name", "popularity", "filed_as", "genres")
Row = Sequence[Any]

MOST_KEPT = 2_000
"""Books of which a process knows at once what is said of them; whoever reads on drives out others."""


@dataclass(frozen=True)
class ShelvedBook:
    """What a suggestion says of a book, and what it is picked by."""

    pk: int
    title: str
    author: str
    popularity: int
    filed_as: str
    genres: frozenset[int]


class Shelves:
    """Books and shelves of one state of the catalogue, each read when it is first asked for.

    Threads may share it: what is known is only ever added to, or set aside whole.
    """

    def __init__(self) -> None:
        self._books: dict[int, ShelvedBook | None] = {}
        self._genres: dict[int, tuple[ShelvedBook, ...]] = {}

    def books(self, keys: Collection[int]) -> tuple[ShelvedBook, ...]:
        """These books, in this order, without those that there are not."""
        known = self._books
        if missing := [key for key in keys if key not in known]:
            if len(known) + len(missing) > MOST_KEPT:
                known, missing = {}, list(keys)
            found = Book.objects.filter(pk__in=missing).order_by().values_list(*COLUMNS)
            known.update({**dict.fromkeys(missing), **_shelved(found)})
            self._books = known
        return tuple(book for key in keys if (book := known[key]))

    def of_genres(self, genres: Collection[int], catalogue: Catalogue) -> set[ShelvedBook]:
        """The most viewed books of each of these genres."""
        if missing := [genre for genre in genres if genre not in self._genres]:
            numbers = {each.pk: each.num_books for each in options_of(catalogue).genres.values()}
            for start in range(0, len(missing), GENRES_AT_ONCE):
                some = {genre: numbers.get(genre, 0) for genre in missing[start : start + GENRES_AT_ONCE]}
                self._genres.update(_shelves(some, catalogue))
        return {book for genre in genres for book in self._genres[genre]}


def shelves_of(catalogue: Catalogue) -> Shelves:
    """The shelves as they are now."""
    return _shelves_of(catalogue.holdings_version, catalogue.popularity_version)


@lru_cache(maxsize=2)
def _shelves_of(_holdings_version: str, _popularity_version: str) -> Shelves:
    return Shelves()


def _shelves(genres: Mapping[int, int], catalogue: Catalogue) -> dict[int, tuple[ShelvedBook, ...]]:
    """The shelves of genres, in one query, by the number of books that each has."""
    rows: dict[int, list[Row]] = {genre: [] for genre in genres}
    queries = []
    for genre, num_books in genres.items():
        books = Book.objects.of_genre(genre, num_books, catalogue)
        most_viewed = books.order_by("-popularity", "filed_as", "pk").values("pk")[:ON_A_SHELF]
        on_shelf = Book.objects.filter(pk__in=most_viewed).order_by().annotate(shelf=Value(genre, IntegerField()))
        queries.append(on_shelf.values_list("shelf", *COLUMNS))
    for genre, *row in queries[0].union(*queries[1:], all=True):  # side by side: SQLite can't read them nested deeply
        rows[genre].append(row)
    return {genre: tuple(_shelved(found).values()) for genre, found in rows.items()}


def _shelved(rows: Iterable[Row]) -> dict[int, ShelvedBook]:
    """Books by their keys, of rows with COLUMNS: one for each of their genres."""
    facts: dict[int, tuple[int, str, str, int, str]] = {}
    genres: dict[int, set[int]] = {}
    for key, title, author, popularity, filed_as, genre in rows:
        facts[key] = (key, title, author, popularity, filed_as)
        genres.setdefault(key, set()).update({genre} - {None})
    return {key: ShelvedBook(*each, genres=frozenset(genres[key])) for key, each in facts.items()}
