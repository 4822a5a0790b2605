"""The dashboard's first page: what is kept, on both sides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consent_gate.api import SESSION
from privacy_dashboard.conf import password_change_page
from privacy_dashboard.confirmation import confirmation_in
from privacy_dashboard.lifelines import draw
from privacy_dashboard.overview import overview

SCRIPT_STORES = ("document.cookie", "cookieStore", "localStorage", "sessionStorage", "IndexedDB", "CacheStorage")
"""Where scripts could keep something in a browser; `browser.js` looks into each."""


@never_cache
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show a visitor everything. `?reveal=` names the one secret that they ask to see in full."""
    seen = overview(request)
    return render(
        request,
        "privacy_dashboard/privacy.html",
        {
            "overview": seen,
            "state": seen.decision.state.value,
            "groups": seen.groups,
            "picture": draw(seen.drawn, seen.now),
            "outcome": confirmation_in(request),
            "password_page": password_change_page(),
            "session_cookie": SESSION.name,
            "script_stores": SCRIPT_STORES,
            "reveal": request.GET.get("reveal", ""),
        },
    )
