"""What a reader looked at last, and what is suggested: for whoever allows it, and for nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from catalog.models import Book
from catalog.reading import MOST_RECENT, recent_ids, suggestions_like, with_newest
from catalog.tests.conftest import MakeBook
from consent_gate.api import Purpose

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


@pytest.mark.django_db
def test_whoever_allows_it_finds_the_books_they_looked_at(client: Client, make_book: MakeBook, grant: Grant) -> None:
    grant(client, Purpose.PERSONALISATION)
    first, second = make_book("First", genres=("Novel",)), make_book("Second", genres=("Novel",))
    other = make_book("Third", genres=("Novel",))
    for book in (first, second, first):
        client.get(book.get_absolute_url())
    reading = client.get("/").context["reading"]
    assert reading.recent == (first, second)
    assert reading.suggestions == (other,)
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
    with django_assert_num_queries(3):  # the book with its genres, its copies, and one more view
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
    assert client.get("/").context["reading"].recent == ()


@pytest.mark.django_db
def test_books_that_share_more_genres_are_suggested_first(make_book: MakeBook) -> None:
    read = make_book("Read", genres=("Novel", "War", "History"))
    one, three = make_book("One", genres=("War",)), make_book("Three", genres=("War", "Novel", "History"))
    make_book("None", genres=("Poetry",))
    assert suggestions_like([read.pk]) == [three.pk, one.pk]


@pytest.mark.django_db
def test_of_books_alike_the_most_viewed_come_first_and_then_those_filed_first(make_book: MakeBook) -> None:
    read = make_book("Read", genres=("Novel",))
    for title, views in (("Zadig", 0), ("Emma", 0), ("Ulysses", 7)):
        Book.objects.filter(pk=make_book(title, genres=("Novel",)).pk).update(views=views)
    assert [Book.objects.get(pk=key).title for key in suggestions_like([read.pk])] == ["Ulysses", "Emma", "Zadig"]


@pytest.mark.django_db
def test_suggestions_are_found_without_sorting_the_library(
    make_book: MakeBook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(
            "each database words its query plan differently: this test reads SQLite's, and DATABASE_URL names another"
        )
    read = make_book("Read", genres=("Novel",))
    make_book("Other", genres=("Novel",))
    with django_assert_num_queries(3) as queries:  # this book's genres, the candidates, and theirs
        suggestions_like([read.pk])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[1]['sql']}")
        plan = [row[3] for row in cursor.fetchall()]
    assert not [step for step in plan if "TEMP B-TREE" in step]


@pytest.mark.django_db
def test_withdrawing_forgets_what_was_read(client: Client, make_book: MakeBook, grant: Grant) -> None:
    grant(client, Purpose.PERSONALISATION)
    client.get(make_book().get_absolute_url())
    key = client.session.session_key or ""
    client.post("/cookies/choice/", {"answer": "refuse"}, headers={"sec-fetch-site": "same-origin"})
    assert not client.session.exists(key)
