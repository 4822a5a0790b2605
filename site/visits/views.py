"""The pages about visits and cookies: About, the cookie check, and what a form says that came without its cookie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from visits import cookie_check
from visits.browser_help import browser_help
from visits.counting import read_counters

ASKED = "asked"
"""The query parameter by which the result page knows that a test cookie was sent just before."""


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what this site shows, and how often its reader has visited."""
    return render(request, "visits/about.html", {"counters": read_counters(request)})


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Offer the cookie check."""
    return render(request, "visits/check.html")


@require_POST
def start_check(request: HttpRequest) -> HttpResponse:
    """Send the test cookie and go where it is looked for."""
    cookie_check.set_mark(request)
    return redirect(f"{reverse('cookie-check-result')}?{ASKED}=1")


@never_cache
@require_safe
def check_result(request: HttpRequest) -> HttpResponse:
    """Say in plain words whether the test cookie came back, and what follows from it."""
    support = cookie_check.verify(request, asked=ASKED in request.GET)
    if support is cookie_check.CookieSupport.NOT_TESTED:
        return redirect("cookie-check")
    return render(
        request,
        "visits/check_result.html",
        {"works": support is cookie_check.CookieSupport.WORKS, "browsers": browser_help(_user_agent(request))},
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that came without its security token, instead of Django's bare 403 (CSRF_FAILURE_VIEW).

    `reason` is Django's own wording for developers; a visitor is told which of the two causes it was.
    """
    return render(
        request,
        "visits/csrf_failure.html",
        {
            "cookie_missing": settings.CSRF_COOKIE_NAME not in request.COOKIES,
            "browsers": browser_help(_user_agent(request)),
            "form_address": request.path,
        },
        status=403,
    )


def _user_agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")
