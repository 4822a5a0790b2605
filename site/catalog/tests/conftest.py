"""A small catalogue for tests that need rows, not the whole collection."""

from collections.abc import Callable

import pytest

from catalog.models import Author, Book, BookInstance, CopyStatus, Genre, Language

MakeBook = Callable[..., Book]


@pytest.fixture
def make_book(db: None) -> MakeBook:
    """Make a book of its own author, in a language and with genres that are made as needed."""

    def make(
        title: str = "Middlemarch",
        *,
        author: str = "Eliot, George",
        original_title: str = "",
        language: str = "en",
        genres: tuple[str, ...] = (),
        available: int = 0,
        on_loan: int = 0,
    ) -> Book:
        book = Book.objects.create(
            title=title,
            original_title=original_title,
            author=Author.objects.get_or_create(sort_name=author, defaults={"name": author, "country": "Nowhere"})[0],
            language=Language.objects.get_or_create(code=language, defaults={"name": language})[0],
            year=1871,
            summary="About something.",
        )
        book.genres.set(Genre.objects.get_or_create(name=name, slug=name.lower())[0] for name in genres)
        for status, number in ((CopyStatus.AVAILABLE, available), (CopyStatus.ON_LOAN, on_loan)):
            for index in range(number):
                BookInstance.objects.create(book=book, shelf_mark=f"{status} {index}", status=status)
        return book

    return make
