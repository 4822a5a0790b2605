"""The collection's files keep the promises that the site makes about them."""

import unicodedata

from catalog.collection import AuthorEntry, BookEntry, authors, languages
from catalog.models import Author, Book

GENRES = frozenset(
    [
        "Novel",
        "Short stories",
        "Poetry",
        "Drama",
        "Epic",
        "Essays",
        "Philosophy",
        "History",
        "Science",
        "Travel",
        "Memoir",
        "Biography",
        "Crime",
        "Science fiction",
        "Fantasy",
        "Horror",
        "Romance",
        "Satire",
        "Adventure",
        "Children's",
        "Gothic",
        "Politics",
        "Religion",
        "Folklore",
        "Dystopia",
        "Comics",
        "Reference",
    ]
)


def all_books() -> list[tuple[AuthorEntry, BookEntry]]:
    return [(author, book) for author in authors() for book in author.books]


def test_the_collection_is_large_enough_and_comes_from_many_places() -> None:
    assert len(all_books()) >= 250
    assert len(authors()) >= 120
    assert len({author.country for author in authors()}) >= 30
    assert len({book.language for _author, book in all_books()}) >= 30
    assert sum(book.copies for _author, book in all_books()) >= 600


def test_nobody_and_nothing_is_listed_twice() -> None:
    names = [author.sort_name for author in authors()]
    titles = [(author.sort_name, book.title) for author, book in all_books()]
    assert len(names) == len(set(names))
    assert len(titles) == len(set(titles))


def test_dates_are_possible() -> None:
    for author, book in all_books():
        assert author.born is None or author.died is None or author.born < author.died <= 2026, author.name
        assert author.born is None or book.year >= author.born + 10, book.title


def test_each_book_has_known_genres_and_a_known_language() -> None:
    for _author, book in all_books():
        assert 1 <= len(book.genres) <= 3, book.title
        assert GENRES.issuperset(book.genres), book.title
        assert book.language in languages(), book.title


def test_each_summary_is_one_readable_line() -> None:
    for _author, book in all_books():
        assert 10 <= len(book.summary.split()) <= 30, book.title
        assert book.summary.endswith("."), book.title


def test_texts_fit_their_columns_and_are_composed() -> None:
    for author, book in all_books():
        for text, column in (
            (author.name, Author._meta.get_field("name")),
            (book.title, Book._meta.get_field("title")),
            (book.original_title, Book._meta.get_field("original_title")),
        ):
            assert len(text) <= (column.max_length or 0)
            assert unicodedata.is_normalized("NFC", text)
