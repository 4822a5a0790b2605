"""What a page of the catalogue asks first, by one statement: the catalogue as it is now, and who is signed in.

Whoever keeps something made of the catalogue reads its version first: what changes meanwhile has another one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest

from accounts import read_along
from catalog.counts import rebuild
from catalog.models import Catalogue

_COLUMNS = tuple(field.attname for field in Catalogue._meta.concrete_fields)  # noqa: SLF001 -- public: ref/models/meta
_CATALOGUE = ", ".join(
    f"(SELECT {column} FROM catalog_catalogue WHERE id = {Catalogue.ONLY})"  # noqa: S608 -- names of our own
    for column in _COLUMNS
)
_BOTH = f"{_CATALOGUE}, {read_along.SQL}"

# Django puts no such statements together, and others anew for each page, which takes longer than the database does.
_NOW = f"SELECT {_BOTH}"
_BOOK = f"SELECT {_BOTH}, views FROM catalog_book WHERE id = %(book)s"  # noqa: S608
# What is returned is as it was before the triggers ran; a view changes nothing of what a page shows of the catalogue.
_OPENED_BOOK = f"UPDATE catalog_book SET views = views + 1 WHERE id = %(book)s RETURNING {_BOTH}, views"  # noqa: S608

_LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True)
class OpenedBook:
    """How often a book was opened by now, and the catalogue that it is in."""

    views: int
    catalogue: Catalogue


def current_catalogue(request: HttpRequest | None = None) -> Catalogue:
    """The numbers and the versions as they are now; and `request.user` is known from here on."""
    row = _row(_NOW, request)
    return _catalogue(row or ())


def look_at_book(request: HttpRequest, pk: int, *, counts: bool) -> OpenedBook | None:
    """A book's views, of which this may be one more, with all that `current_catalogue` gives; None for no book."""
    if pk > _LARGEST_KEY:
        return None
    row = _row(_OPENED_BOOK if counts else _BOOK, request, {"book": pk})
    return OpenedBook(row[-1], _catalogue(row)) if row else None


def _row(sql: str, request: HttpRequest | None, parameters: Mapping[str, Any] | None = None) -> Sequence[Any] | None:
    account = read_along.key_in_session(request) if request else None
    with connection.cursor() as cursor:
        cursor.execute(sql, {read_along.PARAMETER: account, **(parameters or {})})
        rows = cursor.fetchall()  # to the end: SQLite has not written before
    if request and rows:
        read_along.take_account(request, rows[0][len(_COLUMNS) :][: len(read_along.COLUMNS)])
    return rows[0] if rows else None


def _catalogue(row: Sequence[Any]) -> Catalogue:
    values = row[: len(_COLUMNS)]
    if not any(values):  # emptied, as by `manage.py flush`
        rebuild()
        return Catalogue.objects.get(pk=Catalogue.ONLY)
    return Catalogue.from_db("default", _COLUMNS, values)
