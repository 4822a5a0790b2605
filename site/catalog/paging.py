"""Pages of a list, and how many rows a page has: as asked in the address, else as remembered, else as usual."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from catalog.cookies import PAGE_SIZE

PAGE_SIZES = (10, 25, 50, 100)
USUAL_PAGE_SIZE = 25
PARAMETER = "per_page"
MOST_FOUND = 1_000
"""Listing that a search gives at most: nobody reads on, and to count a million would take a second."""


def allowed_size(text: str | None) -> int | None:
    """Read a page size, or None if it is not one of those on offer."""
    return next((size for size in PAGE_SIZES if str(size) == text), None)


def page_size(query: Mapping[str, str], cookies: Mapping[str, str]) -> int:
    """Decide how many rows a page has. The address outranks the cookie, so links work where cookies are blocked."""
    return allowed_size(query.get(PARAMETER)) or allowed_size(cookies.get(PAGE_SIZE.name)) or USUAL_PAGE_SIZE


@dataclass(frozen=True)
class Listing:
    """The rows of a list in their order, and how many there are; or `at_least` so many, where counting stopped."""

    queryset: QuerySet[Any]
    number: int
    at_least: bool = False
    looked_through: int = 0
    """In how many rows it was looked for, if not in all."""


def bounded(queryset: QuerySet[Any]) -> Listing:
    """What a search found: at most MOST_FOUND rows of it, so that a broad search costs no more than a narrow one."""
    return found_rows(queryset.model, list(queryset.order_by().values_list("pk", flat=True)[: MOST_FOUND + 1]))


def found_rows(model: type[Model], keys: Sequence[Any], looked_through: int = 0) -> Listing:
    """The same, by the keys of what was found, which may be more."""
    rows = model._default_manager.filter(pk__in=keys[:MOST_FOUND])  # noqa: SLF001 -- as Django's own views do
    return Listing(rows, min(len(keys), MOST_FOUND), len(keys) > MOST_FOUND, looked_through)


class CountedPaginator(Paginator):
    """Pages of rows whose number is known."""

    def __init__(self, rows: Listing, size: int, dress: Callable[[Any], QuerySet[Any]]) -> None:
        super().__init__(rows.queryset, size)
        self.count = rows.number  # in the place of a property that would count
        self.at_least = rows.at_least
        self.looked_through = rows.looked_through
        self.dress = dress

    def page(self, number: int | str) -> Page[Any]:
        """One page. Only the keys of the pages before it are read, from the index, and not their rows."""
        valid = self.validate_number(number)
        first = (valid - 1) * self.per_page
        keys = self.object_list.values("pk")[first : first + self.per_page]  # type: ignore[attr-defined]
        everything = self.object_list.model._default_manager.all()  # type: ignore[attr-defined] # noqa: SLF001
        order = self.object_list.query.order_by or everything.model._meta.ordering  # type: ignore[attr-defined] # noqa: SLF001
        return Page(self.dress(everything.filter(pk__in=keys)).order_by(*order), valid, self)


def page_context(
    request: HttpRequest, rows: Callable[[], Listing], dress: Callable[[Any], QuerySet[Any]]
) -> dict[str, Any]:
    """Give a list template its page. A page number that does not exist gives the nearest one that does.

    `dress` adds to the rows of one page what is shown of them. Nothing is read before the template asks for it, which
    it does not where `{% cache %}` has kept what it would show.
    """
    size = page_size(request.GET, request.COOKIES)

    @cache
    def page() -> Page[Any]:
        return CountedPaginator(rows(), size, dress).get_page(request.GET.get("page"))

    def page_numbers() -> Iterator[str | int]:
        return page().paginator.get_elided_page_range(page().number, on_each_side=2, on_ends=1)

    return {
        "page": SimpleLazyObject(page),
        "page_numbers": page_numbers,
        "page_size": size,
        "page_sizes": PAGE_SIZES,
    }


def remember_page_size(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep a page size that the visitor has just chosen, here and not by a link of another site.

    Browsers say themselves where a request comes from (w3.org/TR/fetch-metadata).
    """
    chosen = allowed_size(request.GET.get(PARAMETER))
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return response
    if chosen and request.COOKIES.get(PAGE_SIZE.name) != str(chosen):
        PAGE_SIZE.send(response, str(chosen))
    return response
