"""What a reader looked at last, and other books like those: kept in the session of whoever allows personalisation."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from catalog.cookies import RECENTLY_VIEWED_KEY
from catalog.models import Book
from consent_gate.api import Purpose, consent_of

MOST_RECENT = 8
SUGGESTIONS = 5
CANDIDATES = 100
"""Suggestions are picked from this many of the most-viewed books of a reader's genres, however large the library is."""

_LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True)
class Reading:
    """What a page shows to a reader. Both are empty for whoever does not allow it, or has not opened a book."""

    recent: tuple[Book, ...] = ()
    suggestions: tuple[Book, ...] = ()


def recent_ids(stored: object) -> list[int]:
    """Read what a session holds, newest first. Takes any object at all; what is no book's number is left out."""
    if not isinstance(stored, list):
        return []
    numbers = [each for each in stored[: 2 * MOST_RECENT] if type(each) is int and 0 < each <= _LARGEST_KEY]
    return list(dict.fromkeys(numbers))[:MOST_RECENT]


def with_newest(ids: list[int], newest: int) -> list[int]:
    """Put a book first, and forget the oldest when there are too many."""
    return [newest, *(each for each in ids if each != newest)][:MOST_RECENT]


def remember_reading(request: HttpRequest, book: Book) -> None:
    """Note that a book was opened, for whoever allows it.

    The gate would drop it for everybody else; but to look into a session costs a query.
    """
    if not consent_of(request).grants(Purpose.PERSONALISATION):
        return
    stored = request.session.get(RECENTLY_VIEWED_KEY.name)
    ids = with_newest(recent_ids(stored), book.pk)
    if ids != stored:
        request.session[RECENTLY_VIEWED_KEY.name] = ids


def reading_of(request: HttpRequest) -> Reading:
    """What to show to the reader who sent a request. Costs no query to whoever does not allow it."""
    if not consent_of(request).grants(Purpose.PERSONALISATION):
        return Reading()
    ids = recent_ids(request.session.get(RECENTLY_VIEWED_KEY.name))
    if not ids:
        return Reading()
    suggested = suggestions_like(ids)
    books = Book.objects.select_related("author").in_bulk([*ids, *suggested])
    recent, suggestions = (tuple(books[each] for each in some if each in books) for some in (ids, suggested))
    return Reading(recent, suggestions)


def suggestions_like(recent: list[int]) -> list[int]:
    """Books not among these that share most genres with them; of those alike the most viewed first. All by their keys.

    The candidates come in the order of the index on views, read from its end, so that the database stops at the last
    one. Any other order, of the titles of equally viewed books for one, makes it sort a large library first.
    """
    genres_of_books = Book.genres.through.objects
    weights = Counter(genres_of_books.filter(book__in=recent).values_list("genre_id", flat=True))
    in_these_genres = genres_of_books.filter(book=OuterRef("pk"), genre__in=list(weights))
    candidates = Book.objects.filter(Exists(in_these_genres)).exclude(pk__in=recent).order_by("-views", "-pk")
    found = list(candidates.values_list("pk", "views", "filed_as")[:CANDIDATES])
    shared: Counter[int] = Counter()
    for book, genre in genres_of_books.filter(book__in=[each[0] for each in found]).values_list("book_id", "genre_id"):
        shared[book] += weights[genre]
    found.sort(key=lambda each: (-shared[each[0]], -each[1], each[2], each[0]))
    return [each[0] for each in found[:SUGGESTIONS]]
