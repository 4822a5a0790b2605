from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from catalog.choices import options_of
from catalog.models import Author, Book, Catalogue
from catalog.paging import Listing, bounded, found_rows
from catalog.searching import found_by_index, long_and_short_words, looked_through, matching


class AuthorSearch(forms.Form):
    """The search on the list of authors."""

    q = forms.CharField(label=_("Name"), required=False, max_length=200, widget=forms.SearchInput)

    def found(self, catalogue: Catalogue) -> Listing:
        """The authors that fit; none if the form was filled in wrongly."""
        if not self.is_valid():
            return Listing(Author.objects.none(), 0)
        if not self.cleaned_data["q"]:
            return Listing(Author.objects.all(), catalogue.authors)
        return bounded(matching(Author.objects.all(), self.cleaned_data["q"]))


class PlainSelect(forms.Select):
    """Django's own, without a template for each option: those took a third of the time of a list of books."""

    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Write the element out."""
        chosen = str(value or "")
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((each, mark_safe(" selected") if each == chosen else "", label) for each, label in self.choices),
        )
        return format_html("<select{}>{}</select>", flatatt({"name": name, **self.attrs, **(attrs or {})}), options)


class BookSearch(forms.Form):
    """The search on the list of books."""

    q = forms.CharField(label=_("Title or author"), required=False, max_length=200, widget=forms.SearchInput)
    genre = forms.ChoiceField(label=_("Genre"), required=False, widget=PlainSelect)
    language = forms.ChoiceField(label=_("Language"), required=False, widget=PlainSelect)
    available = forms.BooleanField(label=_("On the shelf now"), required=False)

    def __init__(self, data: Mapping[str, Any], catalogue: Catalogue) -> None:
        super().__init__(data)
        self.catalogue = catalogue
        self.options = options_of(catalogue)
        for name, all_of_them, options in (
            ("genre", _("All genres"), self.options.genres),
            ("language", _("All languages"), self.options.languages),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- says so to the type checker
            field.choices = [("", all_of_them), *((each.value, each.name) for each in options.values())]

    def found(self) -> Listing:
        """The books that fit; none if the form was filled in wrongly."""
        if not self.is_valid():
            return Listing(Book.objects.none(), 0)
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        long, short = long_and_short_words(asked.get("q", ""))
        books = found_by_index(Book.objects.all(), long)
        genre = self.options.genres.get(asked.get("genre", ""))
        if genre:
            books = books.of_genre(genre.pk, genre.num_books, self.catalogue)
        if "language" in asked:
            books = books.filter(language=self.options.languages[asked["language"]].pk)
        if "available" in asked:
            books = books.available()
        if not asked:
            return Listing(books, self.catalogue.books)
        if genre and asked.keys() == {"genre"}:
            return Listing(books, genre.num_books)
        return found_rows(Book, *looked_through(books, short)) if short else bounded(books)
