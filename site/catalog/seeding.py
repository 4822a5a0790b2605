"""Puts the collection into the database, and made-up books beside it for load tests. Both may run again and again."""

import random
import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils.text import slugify

from catalog.collection import AuthorEntry, BookEntry, authors, languages
from catalog.models import Author, Book, BookInstance, CopyStatus, Genre, Language
from catalog.searching import filing_form, fold

COPY_NAMESPACE = uuid.UUID("6c1d0f34-2f0b-4a53-9a0e-6f3f6f0d7c55")
"""Makes the same copy get the same id each time it is seeded."""

SHARES_OF_STATUS = {
    CopyStatus.AVAILABLE: 66,
    CopyStatus.ON_LOAN: 22,
    CopyStatus.RESERVED: 8,
    CopyStatus.MAINTENANCE: 4,
}
LONGEST_LOAN = 28
"""Days."""

BATCH = 5_000
"""Books in one transaction: enough for speed, few enough that a visitor waits only for a moment."""

BOOKS_BY_GENERATED_AUTHOR = 50
COPIES_OF_GENERATED_BOOK = 2
ADJECTIVES = ("Silent", "Distant", "Burning", "Hidden", "Last", "Crooked", "Golden", "Winter", "Broken", "Patient")
NOUNS = ("Harbour", "Garden", "River", "Letter", "Clock", "Mountain", "Orchard", "Mirror", "Voyage", "Library")


@transaction.atomic
def load_collection(today: date) -> None:
    """Add what is missing of the collection, and put right what differs from it. Loans, likes and views are kept.

    The numbers of likes and views that genres and books start with are made up: they stand for readers before you.
    """
    _load_languages()
    _load_genres()
    _load_authors()
    _load_books()
    _load_copies(today)


def _load_languages() -> None:
    Language.objects.bulk_create(
        [Language(code=code, name=name) for code, name in languages().items()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )


def _load_genres() -> None:
    names = sorted({genre for author in authors() for book in author.books for genre in book.genres})
    Genre.objects.bulk_create(
        [Genre(name=name, slug=slugify(name), likes=random.Random(name).randint(5, 90)) for name in names],
        ignore_conflicts=True,
    )


def _load_authors() -> None:
    rows = [
        Author(
            name=entry.name,
            sort_name=entry.sort_name,
            native_name=entry.native_name,
            born=entry.born,
            died=entry.died,
            approximate=entry.approximate,
            country=entry.country,
        )
        for entry in authors()
    ]
    for row in rows:
        row.prepare()
    Author.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["sort_name"],
        update_fields=["name", "native_name", "born", "died", "approximate", "country", "filed_as", "search_text"],
    )


def _load_books() -> None:
    author_rows = {author.sort_name: author for author in Author.objects.all()}
    language_keys = dict(Language.objects.values_list("code", "pk"))
    rows = [
        Book(
            title=entry.title,
            original_title=entry.original_title,
            author=author_rows[author.sort_name],
            language_id=language_keys[entry.language],
            year=entry.year,
            summary=entry.summary,
            views=random.Random(entry.title).randint(3, 400),
        )
        for author, entry in _entries()
    ]
    for row in rows:
        row.prepare()
    Book.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["author", "title"],
        update_fields=["original_title", "language", "year", "summary", "filed_as", "search_text"],
    )
    genre_keys = dict(Genre.objects.values_list("name", "pk"))
    book_keys = _book_keys()
    Book.genres.through.objects.bulk_create(
        [
            Book.genres.through(book_id=book_keys[author.sort_name, entry.title], genre_id=genre_keys[genre])
            for author, entry in _entries()
            for genre in entry.genres
        ],
        ignore_conflicts=True,
    )


def _load_copies(today: date) -> None:
    book_keys = _book_keys()
    BookInstance.objects.bulk_create(
        [
            _copy(book_keys[author.sort_name, entry.title], f"{author.sort_name}/{entry.title}", number, today)
            for author, entry in _entries()
            for number in range(1, entry.copies + 1)
        ],
        ignore_conflicts=True,
    )


def _entries() -> Iterator[tuple[AuthorEntry, BookEntry]]:
    return ((author, book) for author in authors() for book in author.books)


def _book_keys() -> dict[tuple[str, str], int]:
    return {
        (sort_name, title): key
        for sort_name, title, key in Book.objects.values_list("author__sort_name", "title", "pk")
    }


def _copy(book_key: int, name: str, number: int, today: date) -> BookInstance:
    identity = uuid.uuid5(COPY_NAMESPACE, f"{name}/{number}")
    chance = random.Random(identity.int)
    status = chance.choices(list(SHARES_OF_STATUS), list(SHARES_OF_STATUS.values()))[0]
    due_back = today + timedelta(days=chance.randint(1, LONGEST_LOAN)) if status == CopyStatus.ON_LOAN else None
    author, title = (fold(part).replace(" ", "")[:4].upper() for part in name.split("/", 1))
    return BookInstance(
        id=identity, book_id=book_key, shelf_mark=f"{author} {title} {number}", status=status, due_back=due_back
    )


def generated_books() -> int:
    """How many made-up books there are."""
    return Book.objects.filter(author__filed_as__startswith="generated author ").count()


def generate_books(up_to: int, today: date) -> Iterator[int]:
    """Add made-up books until there are `up_to` of them, and yield after each batch how many there are."""
    language_key = Language.objects.get(code="en").pk
    genre_keys = list(Genre.objects.values_list("pk", flat=True))
    for start in range(generated_books(), up_to, BATCH):
        numbers = range(start, min(start + BATCH, up_to))
        with transaction.atomic():
            _generate(numbers, language_key, genre_keys, today)
        yield numbers.stop


def _generate(numbers: range, language_key: int, genre_keys: list[int], today: date) -> None:
    author_keys = _generated_authors(numbers)
    books = [
        Book(
            title=(title := f"The {ADJECTIVES[number % 10]} {NOUNS[number // 10 % 10]}, volume {number + 1}"),
            author_id=author_keys[_generated_author_name(number)],
            language_id=language_key,
            year=1900 + number % 120,
            summary="A book made up to fill the shelves for a load test.",
            filed_as=filing_form(title),
            search_text=fold(f"{title} {_generated_author_name(number)}"),
        )
        for number in numbers
    ]
    Book.objects.bulk_create(books)
    Book.genres.through.objects.bulk_create(
        [Book.genres.through(book_id=book.pk, genre_id=genre_keys[book.pk % len(genre_keys)]) for book in books]
    )
    BookInstance.objects.bulk_create(
        [
            _copy(book.pk, f"Generated/{book.title}", copy, today)
            for book in books
            for copy in range(1, COPIES_OF_GENERATED_BOOK + 1)
        ],
        ignore_conflicts=True,
    )


def _generated_author_name(number: int) -> str:
    return f"Generated Author {number // BOOKS_BY_GENERATED_AUTHOR + 1:06}"


def _generated_authors(numbers: range) -> dict[str, int]:
    names = sorted({_generated_author_name(number) for number in numbers})
    rows = [Author(name=name, sort_name=name, country="Nowhere") for name in names]
    for row in rows:
        row.prepare()
    Author.objects.bulk_create(rows, ignore_conflicts=True)
    return dict(Author.objects.filter(sort_name__in=names).values_list("sort_name", "pk"))
