"""Search text: the same letters for what is searched and what is typed, whatever the case, accents and database."""

import unicodedata
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


def matching(queryset: AnyQuerySet, query: str) -> AnyQuerySet:
    """Keep the rows whose `search_text` holds every word of the query, anywhere.

    An index finds words of three letters and more: PostgreSQL's by itself, SQLite's where it is asked; shorter ones are
    looked for in what is left, which may be everything.
    """
    words = fold(query).split()
    long = [word for word in words if len(word) >= INDEXED_LETTERS]
    table = queryset.model._meta.db_table  # noqa: SLF001 -- an API that Django documents
    if long and table == INDEXED_TABLE and connections[queryset.db].vendor == "sqlite":
        # Each word between quotes is a phrase, and FTS5 looks for rows with all of them.
        phrases = " ".join('"{}"'.format(word.replace('"', '""')) for word in long)
        # Not by `IN`: a join is read only as far as the page goes that is wanted of it.
        joined = queryset.extra(  # noqa: S610 -- what was typed is a parameter
            tables=[INDEX],
            where=[f"{INDEX}.rowid = {INDEXED_TABLE}.id AND {INDEX} MATCH %s"],
            params=[phrases],
        )
        queryset = cast("AnyQuerySet", joined)
        words = [word for word in words if word not in long]
    conditions = (Q(search_text__contains=word) for word in words)
    return queryset.filter(reduce(Q.__and__, conditions, Q()))
