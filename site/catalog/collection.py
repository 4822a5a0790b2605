"""The library's own collection: real authors and books, written down in `data/*.toml`.

Each author file holds a list `author`, each with a list `book`; years BC are negative.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
LANGUAGES_FILE = DATA / "languages.toml"


@dataclass(frozen=True)
class BookEntry:
    """One book as the files have it, with how many copies the library owns."""

    title: str
    year: int
    language: str
    genres: tuple[str, ...]
    summary: str
    copies: int
    original_title: str = ""


@dataclass(frozen=True)
class AuthorEntry:
    """One author as the files have it."""

    name: str
    sort_name: str
    country: str
    books: tuple[BookEntry, ...]
    born: int | None = None
    died: int | None = None
    native_name: str = ""
    approximate: bool = False


@cache
def languages() -> dict[str, str]:
    """English names of languages by their BCP 47 codes."""
    with LANGUAGES_FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def authors() -> tuple[AuthorEntry, ...]:
    """All authors with their books, in the order of the files."""
    return tuple(_read_authors())


def _read_authors() -> Iterator[AuthorEntry]:
    for path in sorted(DATA.glob("*.toml")):
        if path != LANGUAGES_FILE:
            with path.open("rb") as file:
                yield from (_author(table) for table in tomllib.load(file)["author"])


def _author(table: dict[str, Any]) -> AuthorEntry:
    books = tuple(BookEntry(**book | {"genres": tuple(book["genres"])}) for book in table.pop("book"))
    return AuthorEntry(**table, books=books)
