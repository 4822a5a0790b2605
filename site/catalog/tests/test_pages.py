"""The catalogue's pages."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from catalog.models import Author, Book, Catalogue, Genre
from catalog.paging import MOST_FOUND
from catalog.tests.conftest import MakeBook

pytestmark = pytest.mark.django_db


def test_the_home_page_counts_books_copies_available_copies_and_authors(client: Client, make_book: MakeBook) -> None:
    make_book("One", available=2, on_loan=1)
    make_book("Two", author="Woolf, Virginia", on_loan=1)
    catalogue = client.get("/").context["catalogue"]
    assert [catalogue.books, catalogue.copies, catalogue.available, catalogue.authors] == [2, 4, 2, 2]


def test_the_home_page_counts_are_live(client: Client, make_book: MakeBook) -> None:
    assert client.get("/").context["catalogue"].books == 0
    make_book()
    assert client.get("/").context["catalogue"].books == 1


def test_home_lists_the_five_best_liked_genres_and_the_five_most_viewed_books(
    client: Client, make_book: MakeBook
) -> None:
    for number in range(7):
        Genre.objects.create(name=f"Genre {number}", slug=f"genre-{number}", likes=number)
        Book.objects.filter(pk=make_book(f"Book {number}").pk).update(views=number)
    context = client.get("/").context
    assert [genre.likes for genre in context["top_genres"]] == [6, 5, 4, 3, 2]
    assert [book.views for book in context["top_books"]] == [6, 5, 4, 3, 2]


def test_opening_a_book_counts_as_a_view_and_asking_for_its_head_does_not(client: Client, make_book: MakeBook) -> None:
    book = make_book()
    client.get(book.get_absolute_url())
    client.head(book.get_absolute_url())
    client.get(book.get_absolute_url())
    book.refresh_from_db()
    assert book.views == 2


@pytest.mark.parametrize("query", ["bronte", "BRONTË", "eyre brontë", "Джейн", "джейн эйр"])
def test_search_finds_a_book_whatever_the_accents_the_case_and_the_script(
    client: Client, make_book: MakeBook, query: str
) -> None:
    make_book("Jane Eyre", author="Brontë, Charlotte", original_title="Джейн Эйр")
    make_book("Emma", author="Austen, Jane")
    assert [book.title for book in client.get("/books/", {"q": query}).context["page"]] == ["Jane Eyre"]


def test_books_can_be_narrowed_by_genre_language_and_shelf(client: Client, make_book: MakeBook) -> None:
    make_book("Here", genres=("Novel",), language="ru", available=1)
    make_book("Lent", genres=("Novel",), language="ru", on_loan=1)
    make_book("Other", genres=("Poetry",), available=1)
    found = client.get("/books/", {"genre": "novel", "language": "ru", "available": "on"}).context["page"]
    assert [book.title for book in found] == ["Here"]


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=" + "x" * 300, "genre=nope", "language=%F0%9F%8D%AA", "genre='&q=%22%3E%3Cscript%3E", "q=%ff%fe"],
)
def test_a_nonsense_search_is_answered_without_an_error(client: Client, make_book: MakeBook, query: str) -> None:
    make_book()
    response = client.get(f"/books/?{query}")
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_books_are_filed_without_their_article(client: Client, make_book: MakeBook) -> None:
    for title in ("The Trial", "Ulysses", "A Room of One's Own"):
        make_book(title)
    listed = [book.title for book in client.get("/books/").context["page"]]
    assert listed == ["A Room of One's Own", "The Trial", "Ulysses"]


@pytest.mark.parametrize("address", ["/books/", "/authors/", "/genres/"])
def test_a_list_needs_as_many_queries_for_many_rows_as_for_few(
    client: Client, make_book: MakeBook, django_assert_max_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    for number in range(20):
        make_book(f"Book {number}", author=f"Author {number}", genres=(f"Genre{number}",), available=2)
    with django_assert_max_num_queries(5):
        client.get(address)


def test_an_author_lists_their_books_from_the_oldest_on(client: Client, make_book: MakeBook) -> None:
    Book.objects.filter(pk=make_book("Late").pk).update(year=1900)
    Book.objects.filter(pk=make_book("Early").pk).update(year=1800)
    author = Author.objects.get()
    assert [book.title for book in client.get(author.get_absolute_url()).context["page"]] == ["Early", "Late"]


def test_a_like_counts_once_and_can_be_taken_back(client: Client) -> None:
    genre = Genre.objects.create(name="Novel", slug="novel", likes=10)
    client.force_login(User.objects.create_user("reader"))
    for liked, likes in (("yes", 11), ("yes", 11), ("no", 10), ("no", 10)):
        response = client.post("/genres/novel/like/", {"liked": liked})
        assert response.headers["Location"] == "/genres/novel/"
        genre.refresh_from_db()
        assert genre.likes == likes


def test_a_like_needs_an_account(client: Client) -> None:
    Genre.objects.create(name="Novel", slug="novel", likes=10)
    response = client.post("/genres/novel/like/", {"liked": "yes"})
    assert response.headers["Location"].startswith("/accounts/sign-in/")
    assert Genre.objects.get().likes == 10


@pytest.mark.parametrize(
    "address", ["/books/99999999999999999999/", "/books/0/", "/authors/123/", "/genres/none/", "/x/"]
)
def test_what_is_not_there_is_a_page_that_says_so(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Nothing on this shelf" in response.content.decode()


def test_the_administration_lists_every_table(admin_client: Client, make_book: MakeBook) -> None:
    make_book(genres=("Novel",), available=1)
    for table in ("author", "book", "bookinstance", "genre", "genrelike", "language"):
        assert admin_client.get(f"/admin/catalog/{table}/").status_code == 200
        assert admin_client.get(f"/admin/catalog/{table}/add/").status_code == 200
    assert admin_client.get("/admin/catalog/book/?q=middle").status_code == 200


@pytest.mark.django_db
def test_likes_go_with_the_account_that_gave_them(client: Client) -> None:
    genre = Genre.objects.create(name="Novel", slug="novel", likes=5)
    reader = User.objects.create_user("reader")
    client.force_login(reader)
    client.post("/genres/novel/like/", {"liked": "yes"})
    reader.delete()
    genre.refresh_from_db()
    assert genre.likes == 5


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/books/", "/books/?q=book", "/books/?genre=novel", "/books/?language=en&available=on"),
        *("/authors/", "/authors/?q=eliot", "/authors/1/", "/genres/", "/genres/novel/", "/books/1/"),
    ],
)
def test_a_page_of_the_catalogue_needs_three_queries_at_most(
    client: Client, make_book: MakeBook, django_assert_max_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    for number in range(5):
        make_book(f"Book {number}", genres=("Novel",), available=1)
    address = address.replace(
        "/1/", f"/{Author.objects.get().pk if 'authors' in address else Book.objects.all()[0].pk}/"
    )
    client.get("/books/?q=another")
    with django_assert_max_num_queries(3):
        assert client.get(address).status_code == 200


def test_a_search_that_fits_too_many_books_shows_the_first_thousand_and_says_so(
    client: Client, make_book: MakeBook
) -> None:
    book = make_book("Volume")
    common = {"author": book.author, "language": book.language, "year": 1, "search_text": "volume"}
    Book.objects.bulk_create(Book(title=str(number), filed_as=f"{number:05}", **common) for number in range(MOST_FOUND))
    page = client.get("/books/?q=volume&page=last")
    assert page.context["page"].paginator.count == MOST_FOUND
    assert "More than 1,000 books" in page.content.decode()
    book.delete()
    assert "More than" not in client.get("/books/?q=volume").content.decode()


@pytest.mark.parametrize("genre_is_large", [True, False])
def test_a_genre_lists_its_books_in_their_order_whichever_way_they_are_read(
    client: Client, make_book: MakeBook, genre_is_large: bool
) -> None:
    for title in ("B", "C", "A"):
        make_book(title, genres=("Novel",))
    make_book("Other", genres=("Poetry",))
    Catalogue.objects.update(books=4 if not genre_is_large else 0)
    for address in ("/genres/novel/", "/books/?genre=novel"):
        assert [book.title for book in client.get(address).context["page"]] == ["A", "B", "C"]
