"""The site's addresses as they are in development, where one more is added; tests start the site as in production."""

from django.urls import include, path

from privacy_dashboard.views.last_responses import responses

urlpatterns = [
    path("privacy/responses/", responses),
    path("", include("locallibrary.urls")),
]
