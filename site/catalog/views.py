"""The library's pages. `index` is also where a visit counts and where the test cookie is set."""

from collections.abc import Mapping
from functools import cache

from django.contrib.auth.decorators import login_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import F, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import get_random_string
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from catalog.counts import current_catalogue
from catalog.forms import AuthorSearch, BookSearch
from catalog.kept_pages import kept_page, key_for_everybody, key_for_the_counted
from catalog.likes import set_like
from catalog.models import Author, AuthorQuerySet, Book, BookQuerySet, Catalogue, Genre
from catalog.paging import Listing, page_context, remember_page_size
from catalog.reading import Reading, reading_of, remember_reading
from visits.cookie_check import set_mark
from visits.counting import Counters, count_visit, read_counters, remember_in_cookies
from visits.templatetags.counters import counters_html

TOP = 5


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The home page: what the library holds, what is liked and read most, and how often you have been here."""
    catalogue = current_catalogue()
    if key := key_for_everybody(request, catalogue.version):
        return kept_page(key, lambda _holes: _home(request, catalogue, count_visit(request)))
    # Django hands a HEAD request to the view for GET; nobody sees a page then, so nothing counts.
    opened = request.method == "GET"
    counters = count_visit(request) if opened else read_counters(request)
    # In the session that counts the visit: nobody gets one for the test cookie alone, unless they ask for the check.
    if opened and counters.kept:
        set_mark(request)
    reading = reading_of(request)
    key = "" if reading.recent else key_for_the_counted(request, catalogue.version)
    if key:
        fills = {"counted": lambda: counters_html(counters), "csrf_token": lambda: get_token(request)}
        response = kept_page(key, lambda holes: _home(request, catalogue, counters, holes), fills)
    else:
        response = _home(request, catalogue, counters, {"reading": reading})
    if opened and counters.in_cookies:
        remember_in_cookies(response, counters.in_cookies)
    return response


def _home(
    request: HttpRequest, catalogue: Catalogue, counters: Counters, more: Mapping[str, object] | None = None
) -> HttpResponse:
    context = {
        "catalogue": catalogue,
        "top_genres": Genre.objects.order_by("-likes", "name")[:TOP],
        "top_books": Book.objects.select_related("author").order_by("-views", "filed_as")[:TOP],
        "counted": SimpleLazyObject(lambda: counters_html(counters)),
        "reading": Reading(),
    }
    return render(request, "catalog/index.html", context | dict(more or {}))


@require_safe
def book_list(request: HttpRequest) -> HttpResponse:
    """All books, or those that a search found."""
    catalogue = current_catalogue()

    @cache
    def form() -> BookSearch:
        return BookSearch(request.GET, catalogue)

    page = page_context(request, lambda: form().found(), BookQuerySet.as_listed)
    context = {"catalogue": catalogue, "form": form, **page}
    key = key_for_everybody(request, catalogue.holdings_version)
    response = kept_page(key, lambda _holes: render(request, "catalog/book_list.html", context))
    return remember_page_size(request, response)


@require_safe
def book_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One book with its copies. Opening it counts as a view of the book, for everybody together."""
    if request.method == "GET":
        Book.objects.filter(pk=pk).update(views=F("views") + 1)
    # A row for each genre, or one: to ask for them by themselves is another query, as it is to ask for the version.
    rows = Book.objects.select_related("author", "language").annotate(
        genre_name=F("genres__name"),
        genre_slug=F("genres__slug"),
        version=Subquery(Catalogue.objects.values("holdings_version")[:1]),
    )
    books = list(rows.filter(pk=pk).order_by("genres__name"))
    if not books:
        raise Http404
    book = books[0]
    if request.method == "GET":
        remember_reading(request, book)
    version = vars(book)["version"]  # none where the database was emptied
    context = {"book": book, "rows": books, "copies": book.copies.all(), "reading": reading_of(request)}
    context["version"] = version or get_random_string(32)
    key = key_for_everybody(request, version) if version else ""
    views = {"views": lambda: intcomma(book.views)}
    return kept_page(key, lambda holes: render(request, "catalog/book_detail.html", {**context, **holes}), views)


@require_safe
def author_list(request: HttpRequest) -> HttpResponse:
    """All authors, or those that a search found."""
    catalogue = current_catalogue()
    form = AuthorSearch(request.GET)
    page = page_context(request, lambda: form.found(catalogue), AuthorQuerySet.with_number_of_books)
    context = {"catalogue": catalogue, "form": form, **page}
    key = key_for_everybody(request, catalogue.holdings_version)
    response = kept_page(key, lambda _holes: render(request, "catalog/author_list.html", context))
    return remember_page_size(request, response)


@require_safe
def author_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One author with all their books, the oldest first."""
    author = get_object_or_404(Author.objects.with_number_of_books(), pk=pk)
    books = Listing(author.books.order_by("year", "filed_as"), vars(author)["num_books"])
    page = page_context(request, lambda: books, BookQuerySet.as_listed)
    response = render(request, "catalog/author_detail.html", {"author": author, **page})
    return remember_page_size(request, response)


@require_safe
def genre_list(request: HttpRequest) -> HttpResponse:
    """All genres, with how many books each has and how well it is liked."""
    catalogue = current_catalogue()
    context = {"catalogue": catalogue, "genres": Genre.objects.all()}
    key = key_for_everybody(request, catalogue.version)
    return kept_page(key, lambda _holes: render(request, "catalog/genre_list.html", context))


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
