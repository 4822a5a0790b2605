"""The library's pages. `index` is also where a visit counts and where the test cookie is set."""

from functools import cache, partial

from django.contrib.auth.decorators import login_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from catalog.current import current_catalogue, look_at_book
from catalog.forms import AuthorSearch, BookSearch
from catalog.kept_pages import Holes, keeping_for_everybody, keeping_of, kept_page
from catalog.likes import set_like, with_likes_of
from catalog.models import Author, AuthorQuerySet, Book, BookQuerySet, Catalogue, Genre
from catalog.paging import Listing, page_context, remember_page_size
from catalog.reading import reading_html, reading_of, remember_reading
from visits.cookie_check import set_mark
from visits.counting import count_visit, read_counters, remember_in_cookies
from visits.templatetags.counters import counters_html

TOP = 5


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The home page: what the library holds, what is liked and read most, and how often you have been here."""
    catalogue = current_catalogue(request)
    home = partial(_home, request, catalogue)
    if keeping := keeping_for_everybody(request, catalogue.version):
        return kept_page(keeping, lambda _holes: home({"counted": counters_html(count_visit(request))}))
    # Django hands a HEAD request to the view for GET; nobody sees a page then, so nothing counts.
    opened = request.method == "GET"
    counters = count_visit(request) if opened else read_counters(request)
    # In the session that counts the visit: nobody gets one for the test cookie alone, unless they ask for the check.
    if opened and counters.kept:
        set_mark(request)
    fills = {
        "counted": lambda: counters_html(counters),
        "reading": lambda: reading_html(reading_of(request, catalogue), with_recent=True),
    }
    response = kept_page(keeping_of(request, catalogue.version), home, fills)
    if opened and counters.in_cookies:
        remember_in_cookies(response, counters.in_cookies)
    return response


def _home(request: HttpRequest, catalogue: Catalogue, holes: Holes) -> HttpResponse:
    context = {
        "catalogue": catalogue,
        "top_genres": Genre.objects.order_by("-likes", "name")[:TOP],
        "top_books": Book.objects.select_related("author").order_by("-views", "filed_as")[:TOP],
    }
    return render(request, "catalog/index.html", {**context, **holes})


@require_safe
def book_list(request: HttpRequest) -> HttpResponse:
    """All books, or those that a search found."""
    catalogue = current_catalogue(request)

    @cache
    def form() -> BookSearch:
        return BookSearch(request.GET, catalogue)

    page = page_context(request, lambda: form().found(), BookQuerySet.as_listed)
    context = {"catalogue": catalogue, "form": form, **page}
    keeping = keeping_of(request, catalogue.holdings_version)
    response = kept_page(keeping, lambda holes: render(request, "catalog/book_list.html", {**context, **holes}))
    return remember_page_size(request, response)


@require_safe
def book_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One book with its copies. Opening it counts as a view of the book, for everybody together."""
    opened = request.method == "GET"
    found = look_at_book(request, pk, counts=opened)
    if found is None:
        raise Http404
    if opened:
        remember_reading(request, pk)
    catalogue = found.catalogue
    fills = {
        "views": lambda: intcomma(found.views),
        "reading": lambda: reading_html(reading_of(request, catalogue), with_recent=False),
    }
    return kept_page(keeping_of(request, catalogue.holdings_version), partial(_book, request, pk, catalogue), fills)


def _book(request: HttpRequest, pk: int, catalogue: Catalogue, holes: Holes) -> HttpResponse:
    # A row for each genre, or one: to ask for them by themselves is another query.
    genres = {"genre_name": F("genres__name"), "genre_slug": F("genres__slug")}
    rows = Book.objects.select_related("author", "language").annotate(**genres).filter(pk=pk).order_by("genres__name")
    books = list(rows)
    if not books:  # it went a moment ago
        raise Http404
    context = {"book": books[0], "rows": books, "copies": books[0].copies.all(), "catalogue": catalogue}
    return render(request, "catalog/book_detail.html", {**context, **holes})


@require_safe
def author_list(request: HttpRequest) -> HttpResponse:
    """All authors, or those that a search found."""
    catalogue = current_catalogue(request)
    form = AuthorSearch(request.GET)
    page = page_context(request, lambda: form.found(catalogue), AuthorQuerySet.with_number_of_books)
    context = {"catalogue": catalogue, "form": form, **page}
    keeping = keeping_of(request, catalogue.holdings_version)
    response = kept_page(keeping, lambda holes: render(request, "catalog/author_list.html", {**context, **holes}))
    return remember_page_size(request, response)


@require_safe
def author_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One author with all their books, the oldest first."""
    catalogue = current_catalogue(request)
    keeping = keeping_of(request, catalogue.holdings_version)
    response = kept_page(keeping, partial(_author, request, pk, catalogue))
    return remember_page_size(request, response)


def _author(request: HttpRequest, pk: int, catalogue: Catalogue, holes: Holes) -> HttpResponse:
    author = get_object_or_404(Author.objects.with_number_of_books(), pk=pk)
    books = Listing(author.books.order_by("year", "filed_as"), vars(author)["num_books"])
    context = {"catalogue": catalogue, "author": author, **page_context(request, lambda: books, BookQuerySet.as_listed)}
    return render(request, "catalog/author_detail.html", {**context, **holes})


@require_safe
def genre_list(request: HttpRequest) -> HttpResponse:
    """All genres, with how many books each has and how well it is liked."""
    catalogue = current_catalogue(request)
    context = {"catalogue": catalogue, "genres": Genre.objects.all()}
    keeping = keeping_of(request, catalogue.version)
    return kept_page(keeping, lambda holes: render(request, "catalog/genre_list.html", {**context, **holes}))


@require_safe
def genre_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One genre with its books, and its like button for readers who are signed in."""
    catalogue = current_catalogue(request)

    @cache
    def genre() -> Genre:
        return get_object_or_404(with_likes_of(request.user), slug=slug)

    liked = request.user.is_authenticated and vars(genre())["liked"]
    keeping = keeping_of(request, catalogue.version, differs_by="liked" if liked else "")
    response = kept_page(keeping, lambda holes: _genre(request, genre(), catalogue, holes))
    return remember_page_size(request, response)


def _genre(request: HttpRequest, genre: Genre, catalogue: Catalogue, holes: Holes) -> HttpResponse:
    rows = Listing(Book.objects.of_genre(genre.pk, genre.num_books, catalogue), genre.num_books)
    context = {"catalogue": catalogue, "genre": genre, **page_context(request, lambda: rows, BookQuerySet.as_listed)}
    return render(request, "catalog/genre_detail.html", {**context, **holes})


@require_POST
@login_required
def like_genre(request: HttpRequest, slug: str) -> HttpResponse:
    """Like a genre, or take the like back."""
    genre = get_object_or_404(Genre, slug=slug)
    if request.user.is_authenticated:  # as the decorator has seen to; said again for the type checker
        set_like(genre, request.user, liked=request.POST.get("liked") == "yes")
    return HttpResponseRedirect(genre.get_absolute_url())
