"""The site's addresses; where the dashboard stood there is nothing, as its pages' links still name it."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    """In the dashboard's place."""
    return HttpResponse("nothing")


urlpatterns = [
    path("", include("catalog.urls")),
    path("", include("visits.urls")),
    path("accounts/", include("accounts.urls")),
    path("", include("consent_gate.urls")),
    path("", include("preferences.urls")),
    path("privacy/", include(([path("", nothing, name="overview")], "privacy"))),
    path("privacy/workbench/", include(([path("", nothing, name="page")], "workbench"))),
]
