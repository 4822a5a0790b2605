"""The pages that MDN's Django tutorial builds in its parts 5 to 7, written anew from what it describes.

developer.mozilla.org/en-US/docs/Learn_web_development/Extensions/Server-side/Django: the home page counts four tables
and adds one to a number in the session; the list of books is a generic view of ten rows, which asks for each author by
itself; a book shows its author, genres and copies.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import generic

from catalog.models import Author, Book, BookInstance


def trivial(request: HttpRequest) -> HttpResponse:
    """What a view costs that does nothing, behind Django's own middleware."""
    return HttpResponse("plain")


def index(request: HttpRequest) -> HttpResponse:
    """The home page, with a count that is written to the session each time."""
    num_visits = request.session.get("num_visits", 0) + 1
    request.session["num_visits"] = num_visits
    context = {
        "num_books": Book.objects.all().count(),
        "num_instances": BookInstance.objects.all().count(),
        "num_instances_available": BookInstance.objects.filter(status__exact="available").count(),
        "num_authors": Author.objects.count(),
        "num_visits": num_visits,
    }
    return render(request, "index.html", context=context)


class BookPages(generic.ListView):
    """The list of books."""

    model = Book
    paginate_by = 10
    template_name = "book_list.html"


class BookPage(generic.DetailView):
    """One book."""

    model = Book
    template_name = "book_detail.html"
