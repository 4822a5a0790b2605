"""Loading the collection and made-up books."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.collection import authors
from catalog.models import Author, Book, BookInstance, Genre

pytestmark = pytest.mark.django_db


def seed(**options: int) -> str:
    out = StringIO()
    call_command("seed_library", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_seeding_loads_the_whole_collection() -> None:
    said = seed()
    assert Author.objects.count() == len(authors())
    assert Book.objects.count() == sum(len(author.books) for author in authors())
    assert BookInstance.objects.count() == sum(book.copies for author in authors() for book in author.books)
    assert f"{Book.objects.count()} books" in said


def test_seeding_twice_adds_nothing_and_keeps_what_readers_did() -> None:
    seed()
    Genre.objects.filter(slug="novel").update(likes=777)
    book = Book.objects.get(title="Middlemarch")
    Book.objects.filter(pk=book.pk).update(views=888, summary="Mistyped.")
    copy = book.copies.all()[0]
    BookInstance.objects.filter(pk=copy.pk).update(status="reserved")
    before = (Book.objects.count(), Author.objects.count(), BookInstance.objects.count(), Genre.objects.count())
    seed()
    assert (Book.objects.count(), Author.objects.count(), BookInstance.objects.count(), Genre.objects.count()) == before
    assert Genre.objects.get(slug="novel").likes == 777
    book.refresh_from_db()
    assert book.views == 888
    assert book.summary != "Mistyped."
    copy.refresh_from_db()
    assert copy.status == "reserved"


def test_a_copy_on_loan_says_when_it_is_due_and_no_other_does() -> None:
    seed()
    assert not BookInstance.objects.filter(status="on-loan", due_back=None).exists()
    assert not BookInstance.objects.exclude(status="on-loan").exclude(due_back=None).exists()
    assert BookInstance.objects.filter(status="on-loan").exists()


def test_made_up_books_come_on_top_and_only_as_many_as_asked() -> None:
    seed()
    real = Book.objects.count()
    seed(books=120)
    assert Book.objects.count() == real + 120
    seed(books=130)
    assert Book.objects.count() == real + 130
    made_up = Book.objects.filter(author__name__startswith="Generated").order_by("pk")[0]
    assert made_up.copies.count() == 2
    assert made_up.genres.count() == 1


def test_a_negative_number_of_books_is_refused() -> None:
    with pytest.raises(CommandError, match="from 0 on"):
        seed(books=-1)
