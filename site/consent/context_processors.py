"""What every template may use."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from consent.csrf import has_session


def form_protection(request: HttpRequest) -> dict[str, Any]:
    """Add `needs_token`: whether a form has to carry a token; `consent.csrf` tells why not every one does."""

    def needs_token() -> bool:
        # A page with a form differs by it, so caches have to tell visitors apart.
        if consent := getattr(request, "consent", None):
            consent.was_asked = True
        return has_session(request)

    return {"needs_token": SimpleLazyObject(needs_token)}
