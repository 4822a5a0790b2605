"""Pages of a list, and how many rows a page has: as asked in the address, else as remembered, else as usual."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from catalog.cookies import PAGE_SIZE

PAGE_SIZES = (10, 25, 50, 100)
USUAL_PAGE_SIZE = 25
PARAMETER = "per_page"


def allowed_size(text: str | None) -> int | None:
    """Read a page size, or None if it is not one of those on offer."""
    return next((size for size in PAGE_SIZES if str(size) == text), None)


def page_size(query: Mapping[str, str], cookies: Mapping[str, str]) -> int:
    """Decide how many rows a page has. The address outranks the cookie, so links work where cookies are blocked."""
    return allowed_size(query.get(PARAMETER)) or allowed_size(cookies.get(PAGE_SIZE.name)) or USUAL_PAGE_SIZE


def page_context(request: HttpRequest, rows: QuerySet[Any]) -> dict[str, Any]:
    """Give a list template its page. A page number that does not exist gives the nearest one that does."""
    size = page_size(request.GET, request.COOKIES)
    page: Page[Any] = Paginator(rows, size).get_page(request.GET.get("page"))
    return {
        "page": page,
        "page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
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
