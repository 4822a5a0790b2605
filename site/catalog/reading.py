"""What a reader looked at last, and other books like those: kept in the session of whoever allows personalisation."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from catalog.cookies import RECENTLY_VIEWED_KEY
from catalog.models import Catalogue
from catalog.shelves import MOST_KEPT, ShelvedBook, shelves_of
from consent_gate.api import Purpose, consent_of, joined, outlines

MOST_RECENT = 8
SUGGESTIONS = 5

_LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True)
class Reading:
    """What a page shows to a reader. Both are empty for whoever does not allow it, or has not opened a book."""

    recent: tuple[ShelvedBook, ...] = ()
    suggestions: tuple[ShelvedBook, ...] = ()


def recent_ids(stored: object) -> list[int]:
    """Read what a session holds, newest first. Takes any object at all; what is no book's number is left out."""
    if not isinstance(stored, list):
        return []
    numbers = [each for each in stored[: 2 * MOST_RECENT] if type(each) is int and 0 < each <= _LARGEST_KEY]
    return list(dict.fromkeys(numbers))[:MOST_RECENT]


def with_newest(ids: list[int], newest: int) -> list[int]:
    """Put a book first, and forget the oldest when there are too many."""
    return [newest, *(each for each in ids if each != newest)][:MOST_RECENT]


def remember_reading(request: HttpRequest, book: int) -> None:
    """Note by its key that a book was opened, for whoever allows it.

    The gate would drop it for everybody else; but to look into a session costs a query.
    """
    if not consent_of(request).grants(Purpose.PERSONALISATION):
        return
    stored = request.session.get(RECENTLY_VIEWED_KEY.name)
    ids = with_newest(recent_ids(stored), book)
    if ids != stored:
        request.session[RECENTLY_VIEWED_KEY.name] = ids


def reading_of(request: HttpRequest, catalogue: Catalogue) -> Reading:
    """What to show to the reader who sent a request. Costs no query where the shelves are known, or not allowed."""
    if not consent_of(request).grants(Purpose.PERSONALISATION):
        return Reading()
    ids = recent_ids(request.session.get(RECENTLY_VIEWED_KEY.name))
    if not ids:
        return Reading()
    shelves = shelves_of(catalogue)
    recent = shelves.books(ids)
    weights = Counter(genre for book in recent for genre in book.genres)
    return Reading(recent, tuple(suggestions_like(recent, weights, shelves.of_genres(weights, catalogue))))


def suggestions_like(
    recent: Sequence[ShelvedBook], weights: Counter[int], candidates: Iterable[ShelvedBook]
) -> list[ShelvedBook]:
    """Those candidates, not among the recent books, that share most genres with them; of those alike the most viewed.

    `weights` says how many of the recent books are of a genre.
    """
    read = {book.pk for book in recent}
    shared = {genres: sum(weights[genre] for genre in genres) for genres in {each.genres for each in candidates}}

    def place(book: ShelvedBook) -> tuple[int, int, str, int]:
        return (-shared[book.genres], -book.popularity, book.filed_as, book.pk)

    return nsmallest(SUGGESTIONS, (each for each in candidates if each.pk not in read), key=place)


class ReadingShape(NamedTuple):
    """Which parts of a reading a page shows."""

    recent: bool
    suggestions: bool


def reading_html(reading: Reading, *, with_recent: bool) -> SafeString:
    """The reading as a part of a page; nothing if it is empty."""
    shape = ReadingShape(bool(reading.recent) and with_recent, bool(reading.suggestions))
    if not any(shape):
        return SafeString()
    outline = outlines()("catalog/_reading.html", shape)
    return outline.filled(recent=_lines(reading.recent), suggestions=_lines(reading.suggestions))


def _lines(books: Iterable[ShelvedBook]) -> SafeString:
    line = _line.__wrapped__ if settings.DEBUG else _line
    return joined(line(get_script_prefix(), book) for book in books)


@lru_cache(MOST_KEPT)
def _line(_prefix: str, book: ShelvedBook) -> SafeString:
    return render_to_string("catalog/_reading_book.html", {"book": book})
