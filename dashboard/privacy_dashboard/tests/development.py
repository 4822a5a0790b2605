"""The project's addresses as they are in development, where one more is added; tests start it as in production."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from privacy_dashboard.response_log import PAGE
from privacy_dashboard.urls import app_name
from privacy_dashboard.urls import urlpatterns as dashboard_urlpatterns
from privacy_dashboard.views.last_responses import responses


def defect(request: HttpRequest) -> HttpResponse:
    """Send a cookie that nobody declared."""
    response = HttpResponse()
    response.set_cookie("stranger", "secret")
    return response


urlpatterns = [
    # The first one with a namespace is the one that is found.
    path("privacy/", include(([path("responses/", responses, name=PAGE), *dashboard_urlpatterns], app_name))),
    path("defect/", defect),
    path("", include("privacy_dashboard.tests.project.urls")),
]
