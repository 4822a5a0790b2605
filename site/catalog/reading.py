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
    books = Book.objects.select_related("author").prefetch_related("genres").in_bulk(ids)
    recent = tuple(books[each] for each in ids if each in books)
    return Reading(recent, suggestions_like(recent))


def suggestions_like(recent: tuple[Book, ...]) -> tuple[Book, ...]:
    """Books not among these that share most genres with them; of those alike the most viewed first.

    The candidates come in the order of the index on views, read from its end, so that the database stops at the last
    one. Any other order, of the titles of equally viewed books for one, makes it sort a large library first.
    """
    weights = Counter(genre.pk for book in recent for genre in book.genres.all())
    in_these_genres = Book.genres.through.objects.filter(book=OuterRef("pk"), genre__in=list(weights))
    candidates = (
        Book.objects.filter(Exists(in_these_genres))
        .exclude(pk__in=[book.pk for book in recent])
        .select_related("author")
        .prefetch_related("genres")
        .order_by("-views", "-pk")[:CANDIDATES]
    )

    def rank(book: Book) -> tuple[int, int, str, int]:
        shared = sum(weights[genre.pk] for genre in book.genres.all())
        return -shared, -book.views, book.filed_as, book.pk

    return tuple(sorted(candidates, key=rank)[:SUGGESTIONS])
