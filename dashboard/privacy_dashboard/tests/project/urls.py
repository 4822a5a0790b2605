"""This project's pages and addresses."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import timezone

from privacy_dashboard.tests.project.cookies import LAST_VISIT, VISITS


def home(request: HttpRequest) -> HttpResponse:
    """Count the visit on both sides, and put Django's test cookie."""
    request.session.set_test_cookie()
    now = timezone.now().isoformat()
    number = request.session.get("visits", 0) + 1
    request.session.update({"num_visits": number, "visits": number, "last_visit": now})
    response = page(request)
    VISITS.send(response, str(number))
    LAST_VISIT.send(response, now)
    return response


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html")


urlpatterns = [
    path("", home),
    path("about/", page),
    path("admin/", admin.site.urls),
    path("accounts/", include("django.contrib.auth.urls")),
    path("", include("consent_gate.urls")),
    path("privacy/", include("privacy_dashboard.urls")),
]
