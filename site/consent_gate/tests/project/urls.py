"""This project's pages and addresses."""

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path

from consent_gate.tests.project.cookies import LAYOUT, VISITS


def home(request: HttpRequest) -> HttpResponse:
    """Count the visit, on both sides."""
    request.session["views"] = request.session.get("views", 0) + 1
    response = render(request, "page.html")
    VISITS.send(response, "1")
    return response


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html")


def choose_layout(request: HttpRequest) -> HttpResponse:
    response = render(request, "page.html")
    LAYOUT.send(response, "wide")
    return response


def write_note(request: HttpRequest) -> HttpResponse:
    request.session["note"] = request.POST["note"]
    return redirect("/about/")


def test_cookie(request: HttpRequest) -> HttpResponse:
    request.session.set_test_cookie()
    return redirect("/about/")


def stay_two_weeks(request: HttpRequest) -> HttpResponse:
    request.session.set_expiry(1_209_600)
    return redirect("/about/")


def rotate(request: HttpRequest) -> HttpResponse:
    request.session.cycle_key()
    return redirect("/about/")


urlpatterns = [
    path("", home),
    path("about/", page),
    path("articles/1/", page),
    path("layout/", choose_layout),
    path("note/", write_note),
    path("test-cookie/", test_cookie),
    path("two-weeks/", stay_two_weeks),
    path("rotate/", rotate),
    path("login/", LoginView.as_view()),
    path("", include("consent_gate.urls")),
]
