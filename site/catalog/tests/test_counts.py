"""The numbers that the database keeps are those that counting gives, whatever changed the rows."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from catalog.counts import rebuild, wrong_counts
from catalog.current import current_catalogue
from catalog.models import Author, Book, BookInstance, Catalogue, CopyStatus, Genre, Language
from catalog.seeding import load_collection
from catalog.tests.conftest import MakeBook

pytestmark = pytest.mark.django_db

Change = Callable[[Book], object]


def _delete_all(book: Book) -> None:
    BookInstance.objects.all().delete()
    Book.objects.all().delete()
    Author.objects.all().delete()


def _by_another_program(book: Book) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_bookinstance WHERE status = 'available'")
        cursor.execute("DELETE FROM catalog_book_genres WHERE book_id = %s", [book.pk])


CHANGES: dict[str, Change] = {
    "a copy is lent": lambda book: book.copies.filter(status="available").update(status="on-loan"),
    "a copy comes back": lambda book: book.copies.filter(status="on-loan").update(status="available"),
    "a copy is saved": lambda book: BookInstance(book=book, shelf_mark="x", status=CopyStatus.AVAILABLE).save(),
    "copies are made at once": lambda book: BookInstance.objects.bulk_create(
        BookInstance(book=book, shelf_mark=str(number), status=CopyStatus.AVAILABLE) for number in range(3)
    ),
    "copies are changed at once": lambda book: BookInstance.objects.bulk_update(
        [BookInstance(pk=each.pk, book=book, status="reserved") for each in book.copies.all()], ["status"]
    ),
    "a book gets other genres": lambda book: book.genres.set([Genre.objects.create(name="Epic", slug="epic")]),
    "a book loses its genres": lambda book: book.genres.clear(),
    "a genre goes": lambda _book: Genre.objects.all().delete(),
    "a link of a book to a genre is changed": lambda book: Book.genres.through.objects.filter(book=book).update(
        genre=Genre.objects.create(name="Epic", slug="epic")
    ),
    "an author is added": lambda _book: Author.objects.create(name="Nobody", sort_name="Nobody", country="Nowhere"),
    "everything is deleted": _delete_all,
    "another program deletes": _by_another_program,
    "the collection is loaded": lambda _book: load_collection(date(2026, 1, 1)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_kept_numbers_are_right_after_every_change(make_book: MakeBook, change: Change) -> None:
    make_book("Other", genres=("Novel", "Poetry"), available=1, on_loan=1)
    book = make_book(genres=("Novel",), available=2, on_loan=1)
    before = current_catalogue()
    change(book)
    assert wrong_counts() == []
    assert current_catalogue().version != before.version


def test_what_the_administration_deletes_is_counted_less(admin_client: Client, make_book: MakeBook) -> None:
    make_book("Gone", genres=("Novel",))
    kept = make_book("Kept", genres=("Novel",))
    chosen = {"action": "delete_selected", "_selected_action": Book.objects.exclude(pk=kept.pk).get().pk, "post": "yes"}
    admin_client.post("/admin/catalog/book/", chosen)
    assert Book.objects.get() == kept
    assert wrong_counts() == []
    assert current_catalogue().books == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda book: Book.objects.filter(pk=book.pk).update(title="Other"),
        lambda _book: Author.objects.update(name="Other"),
        lambda _book: Language.objects.update(name="Other"),
        lambda _book: Genre.objects.update(likes=7),
        lambda book: Book.objects.filter(pk=book.pk).update(views=1),
        lambda book: book.copies.update(due_back="2026-01-01"),
    ],
    ids=["title", "author", "language", "like", "view", "due back"],
)
def test_whatever_a_list_shows_gives_the_catalogue_another_version(make_book: MakeBook, change: Change) -> None:
    book = make_book(genres=("Novel",), available=1)
    before = current_catalogue().version
    change(book)
    assert current_catalogue().version != before


def test_a_view_of_a_book_that_no_list_names_leaves_the_version(make_book: MakeBook) -> None:
    for number in range(6):
        Book.objects.filter(pk=make_book(f"Book {number}").pk).update(views=10 * number)
    before = current_catalogue().version
    Book.objects.filter(title="Book 0").update(views=1)
    assert current_catalogue().version == before
    Book.objects.filter(title="Book 0").update(views=10)
    assert current_catalogue().version != before


@pytest.mark.parametrize(("before", "after"), [(15, 16), (31, 32), (1023, 1024), (1024, 1023), (70, 0), (0, 2**31 - 1)])
def test_a_view_that_makes_a_book_more_popular_is_noted(make_book: MakeBook, before: int, after: int) -> None:
    make_book()
    Book.objects.update(views=before)
    catalogue = current_catalogue()
    Book.objects.update(views=after)
    assert current_catalogue().popularity_version != catalogue.popularity_version
    assert current_catalogue().holdings_version == catalogue.holdings_version


@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 15), (16, 17), (512, 1023), (2**30, 2**31 - 1)])
def test_a_view_that_makes_a_book_no_more_popular_is_not(make_book: MakeBook, before: int, after: int) -> None:
    make_book()
    Book.objects.update(views=before)
    catalogue = current_catalogue()
    Book.objects.update(views=after)
    assert current_catalogue().popularity_version == catalogue.popularity_version


def test_popularity_is_the_views_by_powers_of_two(make_book: MakeBook) -> None:
    make_book()
    found = []
    for views in (0, 15, 16, 31, 32, 63, 64, 1000, 2**31 - 1):
        Book.objects.update(views=views)
        found.append(Book.objects.values_list("popularity", flat=True).get())
    assert found == [0, 0, 1, 1, 3, 3, 7, 63, 2**27 - 1]


def test_a_state_that_was_taken_back_has_a_version_of_its_own(make_book: MakeBook) -> None:
    versions = []
    for title in ("One", "Two"):
        with transaction.atomic():
            make_book(title)
            versions.append(current_catalogue().version)
            transaction.set_rollback(True)
    assert versions[0] != versions[1]


def test_an_emptied_database_is_counted_anew(make_book: MakeBook) -> None:
    make_book(available=1)
    Catalogue.objects.all().delete()
    assert [current_catalogue().books, current_catalogue().available] == [1, 1]


def test_a_command_names_wrong_numbers_and_puts_them_right(
    make_book: MakeBook, capsys: pytest.CaptureFixture[str]
) -> None:
    make_book(genres=("Novel",))
    Catalogue.objects.update(books=7)
    Genre.objects.update(num_books=3)
    with pytest.raises(CommandError, match="count_catalogue --rebuild"):
        call_command("count_catalogue")
    told = capsys.readouterr().out
    assert "books: 7 kept, 1 counted" in told
    assert "books of the genre “Novel”: 3 kept, 1 counted" in told
    call_command("count_catalogue", rebuild=True)
    call_command("count_catalogue")
    assert wrong_counts() == []


def test_counting_anew_twice_changes_no_number(make_book: MakeBook) -> None:
    make_book(genres=("Novel",), available=1)
    rebuild()
    rebuild()
    assert wrong_counts() == []


@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_migration_makes_anew_is_counted_as_before(make_book: MakeBook) -> None:
    call_command("migrate", "catalog", "0002", verbosity=0)
    call_command("migrate", "catalog", verbosity=0)
    make_book(genres=("Novel",), available=1)
    assert current_catalogue().books == 1
    assert wrong_counts() == []


def test_views_and_likes_leave_the_version_of_what_the_library_holds(make_book: MakeBook) -> None:
    book = make_book(genres=("Novel",))
    before = current_catalogue()
    Book.objects.update(views=5)
    Genre.objects.update(likes=5)
    assert current_catalogue().version != before.version
    assert current_catalogue().holdings_version == before.holdings_version
    book.genres.clear()
    assert current_catalogue().holdings_version != before.holdings_version
