"""What a reader looked at last, and what is suggested: for whoever allows it, and for nobody else."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from catalog.current import current_catalogue
from catalog.models import Author, Book, Catalogue, Genre
from catalog.reading import MOST_RECENT, recent_ids, with_newest
from catalog.shelves import GENRES_AT_ONCE, MOST_KEPT, ON_A_SHELF, Shelves, shelves_of
from catalog.tests.conftest import MakeBook
from consent_gate.api import Purpose
from consent_gate.testing import give_choice

Grant = Callable[..., None]
ANYTHING = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists)


@given(ANYTHING)
def test_whatever_a_session_holds_gives_at_most_eight_different_numbers(stored: Any) -> None:
    ids = recent_ids(stored)
    assert len(ids) == len(set(ids)) <= MOST_RECENT
    assert all(type(each) is int and each > 0 for each in ids)


def test_the_newest_book_comes_first_and_none_twice() -> None:
    assert with_newest([3, 2, 1], 2) == [2, 3, 1]
    assert with_newest(list(range(1, 9)), 99) == [99, 1, 2, 3, 4, 5, 6, 7]


def listed(client: Client, address: str, part: str) -> list[str]:
    """The titles of the books in a part of a page, in their order; an empty list without that part."""
    text = client.get(address).content.decode()
    found = re.search(rf'data-testid="{part}">(.*?)</ol>', text, re.DOTALL)
    return [unescape(title) for title in re.findall(r"<a [^>]*>(.*?)</a>", found[1])] if found else []


def suggested(*read: Book) -> list[str]:
    """The titles that are suggested to whoever has opened these books."""
    client = Client()
    give_choice(client, Purpose.PERSONALISATION)
    for book in read:
        client.get(book.get_absolute_url())
    return listed(client, "/", "suggestions")


@pytest.mark.django_db
def test_whoever_allows_it_finds_the_books_they_looked_at(client: Client, make_book: MakeBook, grant: Grant) -> None:
    grant(client, Purpose.PERSONALISATION)
    first, second = make_book("First", genres=("Novel",)), make_book("Second & Last", genres=("Novel",))
    make_book("Third <b>", genres=("Novel",))
    for book in (first, second, first):
        client.get(book.get_absolute_url())
    for _kept in range(2):
        assert listed(client, "/", "recently-viewed") == ["First", "Second & Last"]
        assert listed(client, "/", "suggestions") == ["Third <b>"]
        assert listed(client, first.get_absolute_url(), "recently-viewed") == []
        assert listed(client, first.get_absolute_url(), "suggestions") == ["Third <b>"]
    assert set(client.session.keys()) == {"recently_viewed"}


@pytest.mark.django_db
@pytest.mark.parametrize("granted", [(), (Purpose.STATISTICS, Purpose.PREFERENCES)])
def test_for_nobody_else_is_anything_kept_or_shown(
    client: Client, make_book: MakeBook, grant: Grant, granted: tuple[Purpose, ...]
) -> None:
    grant(client, *granted)
    book = make_book(genres=("Novel",))
    client.get(book.get_absolute_url())
    page = client.get("/").content.decode()
    assert "You looked at" not in page
    assert "You may like" not in page
    assert "recently_viewed" not in client.session


@pytest.mark.django_db
def test_whoever_does_not_allow_it_costs_no_query_more(
    client: Client, make_book: MakeBook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    book = make_book(genres=("Novel",))
    with django_assert_num_queries(3):  # one more view, the book with its genres, and its copies
        client.get(book.get_absolute_url())
    with django_assert_num_queries(1):
        client.get(book.get_absolute_url())


@pytest.mark.django_db
def test_whoever_does_not_allow_it_has_no_session_saved_for_it(
    client: Client, make_book: MakeBook, grant: Grant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    grant(client, Purpose.STATISTICS)
    client.get("/")
    book = make_book(genres=("Novel",))
    with django_assert_num_queries(4):  # as above, and the session that counts the visits is read
        client.get(book.get_absolute_url())


@pytest.mark.django_db
def test_opening_the_same_book_again_writes_no_session(client: Client, make_book: MakeBook, grant: Grant) -> None:
    grant(client, Purpose.PERSONALISATION)
    book = make_book()
    assert "__Host-sessionid" in client.get(book.get_absolute_url()).cookies
    assert "__Host-sessionid" not in client.get(book.get_absolute_url()).cookies


@pytest.mark.django_db
def test_a_book_that_has_left_the_catalogue_is_left_out(client: Client, make_book: MakeBook, grant: Grant) -> None:
    grant(client, Purpose.PERSONALISATION)
    book = make_book()
    client.get(book.get_absolute_url())
    book.delete()
    assert listed(client, "/", "recently-viewed") == []


@pytest.mark.django_db
def test_books_that_share_more_genres_are_suggested_first(make_book: MakeBook) -> None:
    read = make_book("Read", genres=("Novel", "War", "History"))
    make_book("One", genres=("War",))
    make_book("Three", genres=("War", "Novel", "History"))
    make_book("None", genres=("Poetry",))
    assert suggested(read) == ["Three", "One"]


@pytest.mark.django_db
def test_a_genre_of_several_books_that_were_read_weighs_more(make_book: MakeBook) -> None:
    read = [make_book(title, genres=genres) for title, genres in (("A", ("War",)), ("B", ("War",)), ("C", ("Epic",)))]
    make_book("An epic", genres=("Epic",))
    make_book("Of war", genres=("War",))
    assert suggested(*read) == ["Of war", "An epic"]


@pytest.mark.django_db
def test_of_books_alike_the_most_viewed_come_first_and_then_those_filed_first(make_book: MakeBook) -> None:
    read = make_book("Read", genres=("Novel",))
    for title, views in (("Zadig", 15), ("Emma", 0), ("Ulysses", 16)):
        Book.objects.filter(pk=make_book(title, genres=("Novel",)).pk).update(views=views)
    assert suggested(read) == ["Ulysses", "Emma", "Zadig"]


@pytest.mark.django_db
def test_a_book_without_a_genre_is_like_no_other(make_book: MakeBook) -> None:
    read = make_book("Read")
    make_book("Other")
    assert suggested(read) == []


def _add_daisy(other: Book) -> None:
    Genre.objects.get().books.create(
        title="Daisy", author=other.author, language=other.language, year=1871, summary="About something."
    )


CHANGES: dict[str, tuple[Callable[[Book], object], list[str]]] = {
    "another is opened": (
        lambda _emma: Client().get(Book.objects.get(title="Zadig").get_absolute_url()),
        ["Zadig", "Emma"],
    ),
    "another is added": (_add_daisy, ["Daisy", "Emma", "Zadig"]),
    "one goes": (lambda emma: emma.delete(), ["Zadig"]),
    "one gets another title": (
        lambda emma: Book.objects.filter(pk=emma.pk).update(title="Persuasion"),
        ["Persuasion", "Zadig"],
    ),
    "one gets another genre": (
        lambda emma: emma.genres.set([Genre.objects.create(name="Epic", slug="epic")]),
        ["Zadig"],
    ),
    "the genre goes": (lambda _emma: Genre.objects.all().delete(), []),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_suggestions_follow_every_change_at_once(
    client: Client, make_book: MakeBook, grant: Grant, change: Callable[[Book], object], expected: list[str]
) -> None:
    grant(client, Purpose.PERSONALISATION)
    address = make_book("Read", genres=("Novel",)).get_absolute_url()
    other = make_book("Emma", genres=("Novel",))
    make_book("Zadig", genres=("Novel",))
    Book.objects.filter(title="Zadig").update(views=15)  # one less than makes a book more popular
    for _kept in range(2):
        assert listed(client, address, "suggestions") == ["Emma", "Zadig"]
    change(other)
    assert listed(client, address, "suggestions") == expected
    assert listed(client, "/", "suggestions") == expected


@pytest.mark.django_db
def test_an_authors_other_name_shows_among_the_suggestions_at_once(
    client: Client, make_book: MakeBook, grant: Grant
) -> None:
    grant(client, Purpose.PERSONALISATION)
    address = make_book("Read", genres=("Novel",)).get_absolute_url()
    make_book("Emma", author="Austen, Jane", genres=("Novel",))
    client.get(address)
    Author.objects.filter(sort_name="Austen, Jane").update(name="A lady")
    assert "A lady" in client.get(address).content.decode()


@pytest.mark.django_db
def test_suggestions_are_in_the_language_of_each_page(client: Client, make_book: MakeBook, grant: Grant) -> None:
    grant(client, Purpose.PERSONALISATION)
    address = make_book("Read", genres=("Novel",)).get_absolute_url()
    make_book("Emma", genres=("Novel",))
    for language, heading in (("en", "You may like"), ("de", "Das könnte Ihnen gefallen"), ("en", "You may like")):
        assert heading in client.get(address, headers={"accept-language": language}).content.decode()


@pytest.mark.django_db
def test_suggestions_are_found_without_sorting_the_library(
    make_book: MakeBook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(
            "each database words its query plan differently: this test reads SQLite's, and DATABASE_URL names another"
        )
    read = make_book("Read", genres=("Novel", "War"))
    make_book("Other", genres=("Novel",))
    Catalogue.objects.update(books=0)  # so that a genre counts as a large one, whose books must not be sorted
    catalogue = current_catalogue()
    with django_assert_num_queries(3) as queries:  # this book, the genres' sizes, the shelves
        shelves = shelves_of(catalogue)
        shelves.of_genres(shelves.books([read.pk])[0].genres, catalogue)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[2]['sql']}")
        plan = [row[3] for row in cursor.fetchall()]
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
    with django_assert_num_queries(0):
        shelves = shelves_of(catalogue)
        shelves.of_genres(shelves.books([read.pk])[0].genres, catalogue)


@pytest.mark.django_db
def test_a_reader_of_many_genres_finds_books_of_each(make_book: MakeBook) -> None:
    many = 2 * GENRES_AT_ONCE + 1
    read = make_book("Read", genres=tuple(f"Genre{number:02}" for number in range(many)))
    others = [make_book(f"Book {number:02}", genres=(f"Genre{number:02}",)) for number in range(many)]
    catalogue = current_catalogue()
    found = shelves_of(catalogue).of_genres(list(read.genres.values_list("pk", flat=True)), catalogue)
    assert {each.pk for each in found} == {read.pk, *(each.pk for each in others)}
    assert suggested(read) == [f"Book {number:02}" for number in range(5)]


@pytest.mark.django_db
def test_no_more_of_a_genre_are_looked_at_than_stand_on_a_shelf(make_book: MakeBook) -> None:
    book = make_book("Volume", genres=("Novel",))
    common = {"author": book.author, "language": book.language, "year": 1}
    more = Book.objects.bulk_create(
        Book(title=str(number), filed_as=f"{number:05}", views=16, **common) for number in range(ON_A_SHELF)
    )
    book.genres.get().books.add(*more)
    catalogue = current_catalogue()
    (genre,) = book.genres.values_list("pk", flat=True)
    assert {each.pk for each in shelves_of(catalogue).of_genres([genre], catalogue)} == {each.pk for each in more}


@pytest.mark.django_db
def test_a_process_knows_no_more_books_at_once_than_it_may(make_book: MakeBook) -> None:
    book = make_book()
    shelves = Shelves()
    for start in range(0, MOST_KEPT + 100, 10):
        shelves.books([book.pk, *range(10_000 + start, 10_010 + start)])
    assert len(shelves._books) <= MOST_KEPT
    assert [each.pk for each in shelves.books([book.pk])] == [book.pk]


@pytest.mark.django_db
def test_withdrawing_forgets_what_was_read(client: Client, make_book: MakeBook, grant: Grant) -> None:
    grant(client, Purpose.PERSONALISATION)
    client.get(make_book().get_absolute_url())
    key = client.session.session_key or ""
    client.post("/cookies/choice/", {"answer": "refuse"}, headers={"sec-fetch-site": "same-origin"})
    assert not client.session.exists(key)
