from django.contrib.auth import get_user_model, login, logout
from django.http import HttpRequest, HttpResponse
from django.urls import path

from exact_sessions.db import ExactSessionStore


def count(request: HttpRequest) -> HttpResponse:
    """Count an opening of this page."""
    assert isinstance(request.session, ExactSessionStore)
    return HttpResponse(str(request.session.increment("openings")))


def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign the only user in."""
    login(request, get_user_model().objects.get())
    return HttpResponse("in")


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return HttpResponse("out")


urlpatterns = [path("count/", count), path("in/", sign_in), path("out/", sign_out)]
