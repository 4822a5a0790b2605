"""What every template may use."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from consent.csrf import has_session
from consent.pages import can_be_opened_again


def form_protection(request: HttpRequest) -> dict[str, Any]:
    """Add `needs_token`: whether a form has to carry a token; `consent.csrf` tells why not every one does."""

    def needs_token() -> bool:
        # A page with a form differs by it, so caches have to tell visitors apart.
        if consent := getattr(request, "consent", None):
            consent.was_asked = True
        return has_session(request)

    return {"needs_token": SimpleLazyObject(needs_token)}


def page_address(request: HttpRequest) -> dict[str, Any]:
    """Add `page_address`: where to come back to this page, or "". Without its query: there may be secrets in it."""
    return {"page_address": request.path if can_be_opened_again(request) else ""}
