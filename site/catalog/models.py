"""The catalogue's tables, as in MDN's LocalLibrary: authors, genres, languages, books and their copies.

Two fields of the tutorial are left out, ISBN and imprint: most of these books are older than either, and a made-up one
would be wrong. What it lacks and a real catalogue needs is added: life dates BC, names and titles in their own script.
"""

import uuid
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.searching import filing_form, fold


class AuthorQuerySet(models.QuerySet["Author"]):
    """What lists of authors are made with."""

    def with_number_of_books(self) -> "AuthorQuerySet":
        """Add `num_books`. A subquery, so that only the rows of the page shown are counted."""
        books = Book.objects.filter(author=OuterRef("pk")).order_by().values("author").annotate(n=Count("pk"))
        return self.annotate(num_books=Coalesce(Subquery(books.values("n")), 0))


class Author(models.Model):
    """Somebody who wrote a book. Years BC are negative: -428 is 428 BC."""

    name = models.CharField(_("name"), max_length=200)
    sort_name = models.CharField(_("filed under"), max_length=200, unique=True, help_text=_("As in “Austen, Jane”."))
    native_name = models.CharField(_("name in its own script"), max_length=200, blank=True)
    born = models.SmallIntegerField(_("born"), null=True, blank=True, help_text=_("Year; negative for BC."))
    died = models.SmallIntegerField(_("died"), null=True, blank=True, help_text=_("Year; negative for BC."))
    approximate = models.BooleanField(_("years are approximate"), default=False)
    country = models.CharField(_("country"), max_length=100)
    filed_as = models.CharField(max_length=200, editable=False, db_index=True)
    search_text = models.TextField(editable=False)

    objects = AuthorQuerySet.as_manager()

    class Meta:
        ordering = ("filed_as", "pk")
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("author", args=[self.pk])

    def prepare(self) -> None:
        """Work out the columns for sorting and searching; `bulk_create` does not call `save`."""
        self.filed_as = fold(self.sort_name)[:200]
        self.search_text = fold(f"{self.name} {self.sort_name} {self.native_name}")


class Genre(models.Model):
    """A kind of book, which signed-in readers may like."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("address part"), max_length=100, unique=True)
    likes = models.PositiveIntegerField(_("likes"), default=0, db_index=True)
    num_books = models.IntegerField(_("books"), default=0, editable=False)
    """Kept by triggers, see `catalog.counts`."""

    class Meta:
        ordering = ("name",)
        verbose_name = _("genre")
        verbose_name_plural = _("genres")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("genre", args=[self.slug])


class GenreLike(models.Model):
    """One reader's like of one genre; `Genre.likes` counts these on top of the number it started with."""

    genre = models.ForeignKey(Genre, on_delete=models.CASCADE, related_name="liked_by")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="liked_genres")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("genre", "reader"), name="one_like_for_each_reader_and_genre"),)
        verbose_name = _("like of a genre")
        verbose_name_plural = _("likes of genres")

    def __str__(self) -> str:
        return f"{self.reader} · {self.genre}"


class Language(models.Model):
    """A language that books are written in."""

    code = models.CharField(_("code"), max_length=12, unique=True, help_text=_("As in BCP 47."))
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ("name",)
        verbose_name = _("language")
        verbose_name_plural = _("languages")

    def __str__(self) -> str:
        return self.name


class BookQuerySet(models.QuerySet["Book"]):
    """What lists of books are made with."""

    def available(self) -> "BookQuerySet":
        """Keep the books of which a copy is on the shelf."""
        return self.filter(Exists(_copies_on_shelf()))

    def of_genre(self, genre: int, num_books: int, catalogue: "Catalogue") -> "BookQuerySet":
        """Keep the books of a genre, by its key and the number of its books.

        SQLite sorts those of a genre for each page of them, which takes long for many; or, as `Exists` makes it, goes
        through all books in their order until the page is full, which takes long for a few. At the worst it looks at
        some multiple of the square root of the library.
        """
        if num_books**2 < 100 * catalogue.books:
            return self.filter(genres=genre)
        return self.filter(Exists(Book.genres.through.objects.filter(book=OuterRef("pk"), genre=genre)))

    def as_listed(self) -> "BookQuerySet":
        """Add what lists say of a book."""
        return self.select_related("author", "language").with_availability()

    def with_availability(self) -> "BookQuerySet":
        """Add `num_available`, how many copies are on the shelf, and `num_copies`."""
        copies = BookInstance.objects.filter(book=OuterRef("pk"))
        return self.annotate(num_available=_number(_copies_on_shelf()), num_copies=_number(copies))


def _copies_on_shelf() -> models.QuerySet["BookInstance"]:
    return BookInstance.objects.filter(book=OuterRef("pk"), status=CopyStatus.AVAILABLE)


def _number(copies: models.QuerySet["BookInstance"]) -> Coalesce:
    return Coalesce(Subquery(copies.order_by().values("book").annotate(n=Count("pk")).values("n")), 0)


def _by_powers_of_two(column: str) -> Expression:
    """0 for a whole number under 16, 1 from there on, 3 from 32 on, 7 from 64 on: what is left of it without its last
    four binary digits, with all digits set below the highest.
    """
    digits: Any = F(column).bitrightshift(4)
    for step in range(5, 31):
        digits = digits.bitor(F(column).bitrightshift(step))
    return cast("Expression", digits)


class Book(models.Model):
    """A work, of which the library may own several copies."""

    title = models.CharField(_("title"), max_length=200)
    original_title = models.CharField(_("title in its own language"), max_length=200, blank=True)
    author = models.ForeignKey(Author, on_delete=models.RESTRICT, related_name="books", verbose_name=_("author"))
    language = models.ForeignKey(Language, on_delete=models.RESTRICT, related_name="books", verbose_name=_("language"))
    year = models.SmallIntegerField(_("first published"), help_text=_("Year; negative for BC."))
    genres = models.ManyToManyField(Genre, related_name="books", verbose_name=_("genres"))
    summary = models.TextField(_("summary"), max_length=1000)
    views = models.PositiveIntegerField(_("views"), default=0, db_index=True, editable=False)
    popularity = models.GeneratedField(
        expression=_by_powers_of_two("views"), output_field=models.IntegerField(), db_persist=True
    )
    """The views by powers of two, and fewer than 16 alike: so a view seldom changes the order of books by it."""
    filed_as = models.CharField(max_length=200, editable=False, db_index=True)
    search_text = models.TextField(editable=False)

    objects = BookQuerySet.as_manager()

    class Meta:
        ordering = ("filed_as", "pk")
        # In the orders of the pages: a list is read from its index, however long it is.
        indexes = (
            models.Index(fields=("-views", "filed_as"), name="books_by_views"),
            models.Index(fields=("-popularity", "filed_as", "id"), name="books_by_popularity"),
            models.Index(fields=("filed_as", "id"), name="books_as_filed"),
            models.Index(fields=("language", "filed_as", "id"), name="books_of_a_language"),
        )
        constraints = (models.UniqueConstraint(fields=("author", "title"), name="one_book_for_each_author_and_title"),)
        verbose_name = _("book")
        verbose_name_plural = _("books")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("book", args=[self.pk])

    def prepare(self) -> None:
        """Work out the columns for sorting and searching; `bulk_create` does not call `save`."""
        self.filed_as = filing_form(self.title)[:200]
        self.search_text = fold(f"{self.title} {self.original_title} {self.author.name} {self.author.native_name}")


class CopyStatus(models.TextChoices):
    """Where a copy is (the four loan statuses of MDN's tutorial)."""

    AVAILABLE = "available", _("Available")
    ON_LOAN = "on-loan", _("On loan")
    RESERVED = "reserved", _("Reserved")
    MAINTENANCE = "maintenance", _("Maintenance")


class BookInstance(models.Model):
    """A copy of a book that can be borrowed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    book = models.ForeignKey(Book, on_delete=models.RESTRICT, related_name="copies", verbose_name=_("book"))
    shelf_mark = models.CharField(_("shelf mark"), max_length=40)
    status = models.CharField(_("status"), max_length=11, choices=CopyStatus, default=CopyStatus.MAINTENANCE)
    due_back = models.DateField(_("due back"), null=True, blank=True)

    class Meta:
        ordering = ("book", "shelf_mark")
        # Both columns in one: by an index on the status alone SQLite goes through all available copies for each book.
        indexes = (models.Index(fields=("book", "status"), name="copies_of_a_book_by_status"),)
        verbose_name = _("copy")
        verbose_name_plural = _("copies")

    def __str__(self) -> str:
        return f"{self.shelf_mark} ({self.book})"


class Catalogue(models.Model):
    """What pages say of the catalogue as a whole: one row, which the database keeps up to date (`catalog.counts`)."""

    ONLY = 1

    version = models.CharField(max_length=32)
    """Another one after every change of what pages show; no two states of the catalogue have the same."""
    holdings_version = models.CharField(max_length=32)
    """The same, but for the numbers of likes and views: they change often, and most pages don't show them."""
    popularity_version = models.CharField(max_length=32)
    """Another one after every change of a book's `popularity`."""
    books = models.IntegerField(default=0)
    authors = models.IntegerField(default=0)
    copies = models.IntegerField(default=0)
    available = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.version
