"""What every template may use."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject

from consent_gate.gate.forms import NO_TOKEN, has_session
from consent_gate.pages.addresses import can_be_opened_again


def consent(request: HttpRequest) -> dict[str, Any]:
    """Add `page_address`: where to come back to this page, or "". Without its query: there may be secrets in it.

    And `needs_token`: whether a form has to carry a token; `consent_gate.gate.forms` tells why not every one does.

    Where none has to, `{% csrf_token %}` says so: a form with a token, whose cookie only comes later, would be refused.
    """

    @cache
    def needs_token() -> bool:
        # A page with a form differs by it, so caches have to tell visitors apart.
        if consent := getattr(request, "consent", None):
            consent.was_asked = True
        return has_session(request)

    return {
        "page_address": request.path if can_be_opened_again(request) else "",
        "needs_token": SimpleLazyObject(needs_token),
        "csrf_token": SimpleLazyObject(lambda: get_token(request) if needs_token() else NO_TOKEN),
    }
