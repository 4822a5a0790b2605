from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Author, AuthorQuerySet, Book, BookQuerySet, Genre, Language
from catalog.searching import matching


class AuthorSearch(forms.Form):
    """The search on the list of authors."""

    q = forms.CharField(label=_("Name"), required=False, max_length=200, widget=forms.SearchInput)

    def found(self) -> AuthorQuerySet:
        """The authors that fit; none if the form was filled in wrongly."""
        if not self.is_valid():
            return Author.objects.none()
        return matching(Author.objects.all(), self.cleaned_data["q"])


class BookSearch(forms.Form):
    """The search on the list of books."""

    q = forms.CharField(label=_("Title or author"), required=False, max_length=200, widget=forms.SearchInput)
    genre = forms.ModelChoiceField(
        Genre.objects.all(), label=_("Genre"), required=False, to_field_name="slug", empty_label=_("All genres")
    )
    language = forms.ModelChoiceField(
        Language.objects.all(),
        label=_("Language"),
        required=False,
        to_field_name="code",
        empty_label=_("All languages"),
    )
    available = forms.BooleanField(label=_("On the shelf now"), required=False)

    def found(self) -> BookQuerySet:
        """The books that fit; none if the form was filled in wrongly."""
        if not self.is_valid():
            return Book.objects.none()
        books = matching(Book.objects.all(), self.cleaned_data["q"])
        if self.cleaned_data["genre"]:
            books = books.filter(genres=self.cleaned_data["genre"])
        if self.cleaned_data["language"]:
            books = books.filter(language=self.cleaned_data["language"])
        if self.cleaned_data["available"]:
            books = books.available()
        return books
