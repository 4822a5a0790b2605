"""Search text: the same letters for what is searched and what is typed, whatever the case, accents and database."""

import unicodedata
from functools import reduce
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

# Letters with a stroke instead of an accent stay whole under decomposition (Unicode Standard, section 7.1).
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})

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
    """Keep the rows whose `search_text` holds every word of the query."""
    conditions = (Q(search_text__contains=word) for word in fold(query).split())
    return queryset.filter(reduce(Q.__and__, conditions, Q()))
