"""The library's pages. `index` is also where a visit counts and where the test cookie is set."""

from functools import cache

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from catalog.counts import current_catalogue
from catalog.forms import AuthorSearch, BookSearch
from catalog.kept_pages import kept_whole
from catalog.likes import set_like
from catalog.models import Author, AuthorQuerySet, Book, BookQuerySet, Catalogue, Genre
from catalog.paging import Listing, page_context, remember_page_size
from catalog.reading import reading_of, remember_reading
from visits.cookie_check import set_mark
from visits.counting import count_visit, read_counters, remember_in_cookies

TOP = 5


@require_safe
@kept_whole
def index(request: HttpRequest, catalogue: Catalogue) -> HttpResponse:
    """The home page: what the library holds, what is liked and read most, and how often you have been here."""
    # Django hands a HEAD request to the view for GET; nobody sees a page then, so nothing counts.
    opened = request.method == "GET"
    counters = count_visit(request) if opened else read_counters(request)
    # In the session that counts the visit: nobody gets one for the test cookie alone, unless they ask for the check.
    if opened and counters.kept:
        set_mark(request)
    response = render(
        request,
        "catalog/index.html",
        {
            "catalogue": catalogue,
            "top_genres": Genre.objects.order_by("-likes", "name")[:TOP],
            "top_books": Book.objects.select_related("author").order_by("-views", "filed_as")[:TOP],
            "counters": counters,
            "reading": reading_of(request),
        },
    )
    if opened and counters.in_cookies:
        remember_in_cookies(response, counters.in_cookies)
    return response


@require_safe
@kept_whole
def book_list(request: HttpRequest, catalogue: Catalogue) -> HttpResponse:
    """All books, or those that a search found."""

    @cache
    def form() -> BookSearch:
        return BookSearch(request.GET, catalogue)

    page = page_context(request, lambda: form().found(), BookQuerySet.as_listed)
    response = render(request, "catalog/book_list.html", {"catalogue": catalogue, "form": form, **page})
    return remember_page_size(request, response)


@require_safe
def book_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One book with its copies. Opening it counts as a view of the book, for everybody together."""
    if request.method == "GET":
        Book.objects.filter(pk=pk).update(views=F("views") + 1)
    # A row for each genre, or one: to ask for them by themselves is another query.
    rows = Book.objects.select_related("author", "language").annotate(
        genre_name=F("genres__name"), genre_slug=F("genres__slug")
    )
    books = list(rows.filter(pk=pk).order_by("genres__name"))
    if not books:
        raise Http404
    if request.method == "GET":
        remember_reading(request, books[0])
    return render(
        request,
        "catalog/book_detail.html",
        {
            "book": books[0],
            "rows": books,
            "copies": books[0].copies.all(),
            "reading": reading_of(request),
        },
    )


@require_safe
@kept_whole
def author_list(request: HttpRequest, catalogue: Catalogue) -> HttpResponse:
    """All authors, or those that a search found."""
    form = AuthorSearch(request.GET)
    page = page_context(request, lambda: form.found(catalogue), AuthorQuerySet.with_number_of_books)
    response = render(request, "catalog/author_list.html", {"catalogue": catalogue, "form": form, **page})
    return remember_page_size(request, response)


@require_safe
def author_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One author with all their books, the oldest first."""
    author = get_object_or_404(Author, pk=pk)
    books = author.books.order_by("year", "filed_as")
    page = page_context(request, lambda: Listing(books, books.count()), BookQuerySet.as_listed)
    response = render(request, "catalog/author_detail.html", {"author": author, **page})
    return remember_page_size(request, response)


@require_safe
@kept_whole
def genre_list(request: HttpRequest, catalogue: Catalogue) -> HttpResponse:
    """All genres, with how many books each has and how well it is liked."""
    return render(request, "catalog/genre_list.html", {"catalogue": catalogue, "genres": Genre.objects.all()})


@require_safe
def genre_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One genre with its books, and its like button for readers who are signed in."""
    catalogue = current_catalogue()
    genre = get_object_or_404(Genre, slug=slug)
    rows = Listing(Book.objects.of_genre(genre.pk, genre.num_books, catalogue), genre.num_books)
    liked = request.user.is_authenticated and genre.liked_by.filter(reader=request.user).exists()
    context = {"catalogue": catalogue, "genre": genre, "liked": liked}
    page = page_context(request, lambda: rows, BookQuerySet.as_listed)
    response = render(request, "catalog/genre_detail.html", context | page)
    return remember_page_size(request, response)


@require_POST
@login_required
def like_genre(request: HttpRequest, slug: str) -> HttpResponse:
    """Like a genre, or take the like back."""
    genre = get_object_or_404(Genre, slug=slug)
    if request.user.is_authenticated:  # as the decorator has seen to; said again for the type checker
        set_like(genre, request.user, liked=request.POST.get("liked") == "yes")
    return HttpResponseRedirect(genre.get_absolute_url())
