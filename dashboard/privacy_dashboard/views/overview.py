"""The dashboard's first page: what is kept, on both sides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consent_gate.api import outlines
from privacy_dashboard.conf import password_change_page
from privacy_dashboard.confirmation import confirmation_in
from privacy_dashboard.glance import glance
from privacy_dashboard.lifelines import lifelines
from privacy_dashboard.overview import overview
from privacy_dashboard.page import DashboardPage
from privacy_dashboard.rows import table
from privacy_dashboard.session_panel import session_panel

SCRIPT_STORES = ("document.cookie", "cookieStore", "localStorage", "sessionStorage", "IndexedDB", "CacheStorage")
"""Where scripts could keep something in a browser; `browser.js` looks into each."""


@never_cache
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show a visitor everything. `?reveal=` names the one secret that they ask to see in full."""
    seen = overview(request)
    page = DashboardPage(seen, request.GET.get("reveal", ""), outlines())
    return render(
        request,
        "privacy_dashboard/privacy.html",
        {
            "overview": seen,
            "outcome": confirmation_in(request),
            "glance": glance(page),
            "table": table(page),
            "lifelines": lifelines(page),
            "session": session_panel(page),
            "scripts": page.outline("privacy_dashboard/_scripts.html", SCRIPT_STORES).filled(),
            "password_page": password_change_page(),
        },
    )
