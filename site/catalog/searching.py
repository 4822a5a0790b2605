"""Search text: the same letters for what is searched and what is typed, whatever the case, accents and database."""

import unicodedata
from collections.abc import Collection
from functools import reduce
from typing import Any, TypeVar, cast

from django.db import connections
from django.db.models import Q, QuerySet

# Letters with a stroke instead of an accent stay whole under decomposition (Unicode Standard, section 7.1).
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})

INDEX, INDEXED_TABLE = "catalog_booksearch", "catalog_book"
INDEXED_LETTERS = 3
"""How many letters in a row an entry of the index stands for (sqlite.org/fts5.html#the_trigram_tokenizer)."""

_ARTICLES = ("the ", "a ", "an ")

AnyQuerySet = TypeVar("AnyQuerySet", bound=QuerySet[Any])


def fold(text: str) -> str:
    """Reduce a text to what searching compares: no case, no accents, single spaces. "Brontë" becomes "bronte"."""
    # Taken apart before and after case folding: compatibility letters such as 𝖠 only then have a case to fold
    # (Unicode Standard, section 3.13, D146).
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(letters.translate(_STROKES).split())


def filing_form(title: str) -> str:
    """Reduce a title to what lists are sorted by: as `fold`, without a leading English article."""
    folded = fold(title)
    article = next((article for article in _ARTICLES if folded.startswith(article)), "")
    return folded.removeprefix(article) or folded


LOOKED_THROUGH = 3_000
"""Rows in which words are looked for that no index holds. To look through a million takes a second."""


def matching(queryset: AnyQuerySet, query: str) -> AnyQuerySet:
    """Keep the rows whose `search_text` holds every word of the query, anywhere: an index finds the long words."""
    long, short = long_and_short_words(query)
    return _holding(found_by_index(queryset, long), short)


def long_and_short_words(query: str) -> tuple[list[str], list[str]]:
    """The words of a query: those that an index finds, and those of one or two letters, which it doesn't hold."""
    words = fold(query).split()
    long = [word for word in words if len(word) >= INDEXED_LETTERS]
    return long, [word for word in words if word not in long]


def found_by_index(queryset: AnyQuerySet, words: Collection[str]) -> AnyQuerySet:
    """Keep the rows that hold these words: PostgreSQL takes its index by itself, SQLite's has to be asked."""
    table = queryset.model._meta.db_table  # noqa: SLF001 -- an API that Django documents
    if not words or table != INDEXED_TABLE or connections[queryset.db].vendor != "sqlite":
        return _holding(queryset, words)
    # Each word between quotes is a phrase, and FTS5 looks for rows with all of them.
    phrases = " ".join('"{}"'.format(word.replace('"', '""')) for word in words)
    # Not by `IN`: a join is read only as far as the page goes that is wanted of it.
    joined = queryset.extra(  # noqa: S610 -- what was typed is a parameter
        tables=[INDEX], where=[f"{INDEX}.rowid = {INDEXED_TABLE}.id AND {INDEX} MATCH %s"], params=[phrases]
    )
    return cast("AnyQuerySet", joined)


def looked_through(queryset: QuerySet[Any], words: Collection[str]) -> tuple[list[int], int]:
    """The keys of the rows that hold these words, of the first LOOKED_THROUGH; and how many those were, 0 for all."""
    # Looked at here: inside another query, the join with the index would be made anew for each row.
    rows = list(queryset.order_by().values_list("pk", "search_text")[: LOOKED_THROUGH + 1])
    keys = [key for key, text in rows[:LOOKED_THROUGH] if all(word in text for word in words)]
    return keys, LOOKED_THROUGH if len(rows) > LOOKED_THROUGH else 0


def _holding(queryset: AnyQuerySet, words: Collection[str]) -> AnyQuerySet:
    return queryset.filter(reduce(Q.__and__, (Q(search_text__contains=word) for word in words), Q()))
