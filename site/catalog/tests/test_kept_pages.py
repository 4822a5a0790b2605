"""A page that is kept whole is nobody's own, and never older than the catalogue."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.db import connection
from django.middleware.csrf import _does_token_match  # type: ignore[attr-defined]
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from catalog.likes import set_like
from catalog.models import Author, Book, Genre
from catalog.tests.conftest import MakeBook
from consent_gate.api import OPTIONAL_PURPOSES, Purpose
from consent_gate.testing import give_choice

pytestmark = pytest.mark.django_db

KEPT = ("/", "/books/", "/authors/", "/genres/", "/books/{book}/", "/authors/{author}/", "/genres/novel/")


@pytest.fixture(params=KEPT)
def address(request: pytest.FixtureRequest, make_book: MakeBook) -> str:
    """Of each page that is kept, with a book on it."""
    book = make_book("Emma", genres=("Novel",), available=1)
    return str(request.param).format(book=book.pk, author=book.author_id)


def undecided() -> Client:
    return Client()


def in_german() -> Client:
    return Client(headers={"accept-language": "de"})


def signalling() -> Client:
    return Client(headers={"sec-gpc": "1"})


def refusing() -> Client:
    client = Client()
    give_choice(client)
    return client


def refusing_with_a_left_over_cookie() -> Client:
    client = refusing()
    client.cookies["theme"] = "dark"
    return client


def with_others_cookie() -> Client:
    client = Client()
    client.cookies["_undeclared"] = "dark"
    return client


def allowing_preferences(name: str, value: str) -> Client:
    client = Client()
    give_choice(client, Purpose.PREFERENCES)
    client.cookies[name] = value
    return client


def in_the_dark() -> Client:
    return allowing_preferences("theme", "dark")


def in_german_by_cookie() -> Client:
    return allowing_preferences(settings.LANGUAGE_COOKIE_NAME, "de")


def with_few_on_a_page() -> Client:
    return allowing_preferences("page_size", "10")


def without_the_notice() -> Client:
    return allowing_preferences("dismissed_notice", "1")


def allowing_statistics() -> Client:
    client = Client()
    give_choice(client, Purpose.STATISTICS)
    return client


def signed_in() -> Client:
    client = Client()
    client.force_login(User.objects.get_or_create(username="reader")[0])
    return client


def with_a_message() -> Client:
    client = Client()
    message = Message(constants.INFO, "Nobody else may read this.")
    client.cookies["messages"] = CookieStorage(RequestFactory().get("/"))._encode([message])  # type: ignore[attr-defined]
    return client


def counted_before() -> Client:
    client = Client()
    give_choice(client, Purpose.STATISTICS)
    client.get("/")
    return client


def allowing_everything() -> Client:
    client = Client()
    give_choice(client, *OPTIONAL_PURPOSES)
    client.get("/about/")
    return client


def signed_in_and_counted() -> Client:
    client = signed_in()
    give_choice(client, *OPTIONAL_PURPOSES)
    return client


def reading() -> Client:
    client = allowing_everything()
    if book := Book.objects.first():
        client.get(book.get_absolute_url())
        Book.objects.update(views=0)
    return client


def signed_in_and_reading_in_the_dark() -> Client:
    client = signed_in_and_counted()
    client.cookies["theme"] = "dark"
    return client


VISITORS: tuple[Callable[[], Client], ...] = (
    undecided,
    in_german,
    signalling,
    refusing,
    refusing_with_a_left_over_cookie,
    with_others_cookie,
    in_the_dark,
    in_german_by_cookie,
    with_few_on_a_page,
    without_the_notice,
    allowing_statistics,
    signed_in,
    with_a_message,
    counted_before,
    allowing_everything,
    signed_in_and_counted,
    reading,
)

FIRST_TO_COME = (
    undecided,
    in_german,
    signalling,
    refusing,
    in_the_dark,
    with_few_on_a_page,
    allowing_statistics,
    counted_before,
    allowing_everything,
    signed_in_and_counted,
)


def page_of(client: Client, address: str) -> str:
    """What a browser gets, without what each page has of its own: a form's token, the time, and a book's views."""
    return without_its_own(client.get(address).content.decode())


def without_its_own(page: str) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="\w+"|<time.*?</time>|data-testid="views">[^<]*<', "", page)


def forget() -> None:
    caches["template_fragments"].clear()


@pytest.mark.timeout(600)  # of two hundred pages, on a machine that has other work
def test_nobody_gets_a_page_that_was_kept_for_somebody_else(address: str) -> None:
    for visitor in VISITORS:
        forget()
        alone = page_of(visitor(), address)
        for kept_for in FIRST_TO_COME:
            forget()
            page_of(kept_for(), address)
            assert page_of(visitor(), address) == alone, (visitor.__name__, kept_for.__name__)


@pytest.mark.parametrize("visitor", VISITORS)
def test_nothing_of_a_visitor_is_kept_for_others(visitor: Callable[[], Client], address: str) -> None:
    alone = page_of(undecided(), address)
    forget()
    page_of(visitor(), address)
    assert page_of(undecided(), address) == alone


def test_each_counted_visitor_sees_their_own_count_and_token() -> None:
    one, other = counted_before(), counted_before()
    seen = []
    for client in (one, one, other):
        page = client.get("/")
        text = page.content.decode()
        token = re.search(r'csrfmiddlewaretoken" value="(\w{64})"', text)
        assert token
        assert _does_token_match(token[1], client.cookies[settings.CSRF_COOKIE_NAME].value)
        seen.append(re.findall(r'data-testid="number">(\d+)<', text)[0])
    assert seen == ["2", "3", "2"]
    assert not one.get("/").templates or "catalog/index.html" not in {each.name for each in one.get("/").templates}


def test_each_signed_in_visitor_sees_their_own_name_and_token(address: str) -> None:
    seen = []
    for name in ("one & only", "other", "one & only"):
        client = Client()
        client.force_login(User.objects.get_or_create(username=name)[0])
        text = client.get(address).content.decode()
        seen += re.findall(r"Signed in as <strong>(.*?)</strong>", text)
        tokens = re.findall(r'csrfmiddlewaretoken" value="(\w{64})"', text)
        assert tokens
        assert all(_does_token_match(each, client.cookies[settings.CSRF_COOKIE_NAME].value) for each in tokens)
    assert seen == ["one &amp; only", "other", "one &amp; only"]


@pytest.mark.parametrize("visitor", [allowing_everything, reading, signed_in])
def test_a_kept_page_sends_no_cookie_that_the_new_one_does_not(address: str, visitor: Callable[[], Client]) -> None:
    client = visitor()
    client.get(address)
    names = {each.key for each in client.get(address).cookies.values()}
    forget()
    assert names == {each.key for each in client.get(address).cookies.values()}


@pytest.mark.parametrize("like", [True, False])
def test_a_like_shows_to_its_reader_and_to_nobody_else(make_book: MakeBook, *, like: bool) -> None:
    make_book(genres=("Novel",))
    reader, other = signed_in(), Client()
    other.force_login(User.objects.create(username="other"))
    set_like(Genre.objects.get(), User.objects.get(username="reader"), liked=like)
    for _kept in range(2):
        assert ("Take back my like" in page_of(reader, "/genres/novel/")) is like
        assert "Like this genre" in page_of(other, "/genres/novel/")
        assert "Sign in to like this genre" in page_of(Client(), "/genres/novel/")
    set_like(Genre.objects.get(), User.objects.get(username="reader"), liked=not like)
    assert ("Take back my like" in page_of(reader, "/genres/novel/")) is not like


@pytest.mark.parametrize("visitor", [undecided, in_german, refusing, allowing_everything, reading, signed_in])
def test_a_book_shows_its_views_as_they_are_now(make_book: MakeBook, visitor: Callable[[], Client]) -> None:
    address = make_book().get_absolute_url()
    clients = [visitor(), visitor()]
    Book.objects.update(views=998)
    shown = [re.search(r'data-testid="views">([^<]*)<', each.get(address).content.decode()) for each in clients]
    thousand = "1.000" if visitor is in_german else "1,000"
    assert [each and each[1] for each in shown] == ["999", thousand]


def test_what_makes_a_page_differ_shows_on_it(make_book: MakeBook) -> None:
    make_book(genres=("Novel",))
    pages = {visitor.__name__: page_of(visitor(), "/") for visitor in VISITORS}
    same = {"with_others_cookie": "undecided", "refusing_with_a_left_over_cookie": "refusing", "signalling": "refusing"}
    same["allowing_everything"] = "allowing_statistics"
    for name, other in same.items():
        assert pages.pop(name) == pages[other]
    assert len(set(pages.values())) == len(pages)
    assert "Nobody else may read this." in pages["with_a_message"]


@pytest.mark.parametrize("visitor", [undecided, in_german, signalling, refusing])
def test_a_kept_page_has_the_headers_of_a_new_one(visitor: Callable[[], Client], address: str) -> None:
    client = visitor()
    new, kept = client.get(address), client.get(address)
    assert new.templates
    assert not kept.templates
    assert without_its_own(kept.content.decode()) == without_its_own(new.content.decode())
    assert {part.strip() for part in kept.headers["Vary"].split(",")} == {
        part.strip() for part in new.headers["Vary"].split(",")
    }
    differ = {"Vary": "", "Content-Length": ""}  # a book's views may be of one digit more
    assert {**kept.headers, **differ} == {**new.headers, **differ}
    assert not kept.cookies


def test_what_an_address_says_is_on_its_own_page_alone(address: str) -> None:
    Client().get(address)
    assert "somebodys+words" in page_of(Client(), f"{address}?q=somebodys+words")
    assert "somebodys+words" not in page_of(Client(), address)


def test_a_left_over_cookie_is_deleted_beside_a_kept_page() -> None:
    page_of(refusing(), "/")
    client = refusing_with_a_left_over_cookie()
    assert ("theme", "0") in {(each.key, each["max-age"]) for each in client.get("/").cookies.values()}


def test_a_kept_page_is_the_same_at_every_host_and_at_none_that_is_not_the_sites() -> None:
    new = Client().get("/", headers={"host": "localhost"})
    kept = Client().get("/", headers={"host": "127.0.0.1"})
    assert kept.content == new.content
    assert Client().get("/", headers={"host": "other.example"}).status_code == 400


def test_asking_for_the_head_alone_keeps_no_page() -> None:
    Client().head("/")
    assert Client().get("/").templates


def test_pages_of_development_are_not_kept() -> None:
    with override_settings(DEBUG=True):
        Client().get("/")
        assert Client().get("/").templates


def _like(book: Book) -> None:
    set_like(Genre.objects.get(), User.objects.create_user("reader"), liked=True)


@pytest.mark.parametrize(
    ("change", "address", "shown"),
    [
        (lambda _book: Book.objects.update(title="Daniel Deronda"), "/", "Daniel Deronda"),
        (lambda _book: Author.objects.update(name="Marian Evans"), "/", "Marian Evans"),
        (lambda book: Client().get(book.get_absolute_url()), "/", "1 view"),
        (_like, "/", "1 like"),
        (_like, "/genres/", "1 like"),
        (lambda _book: Genre.objects.update(name="Long novel"), "/genres/", "Long novel"),
        (lambda book: book.genres.clear(), "/genres/", "0 books"),
    ],
    ids=["title", "author", "view", "like", "like among genres", "name of a genre", "number of a genre"],
)
def test_a_change_shows_on_the_very_next_page(
    make_book: MakeBook, change: Callable[[Book], object], address: str, shown: str
) -> None:
    book = make_book(genres=("Novel",), available=1)
    for visitor in (undecided, allowing_statistics):
        assert shown not in page_of(visitor(), address)
    change(book)
    for visitor in (undecided, allowing_statistics):
        assert shown in page_of(visitor(), address)


def test_a_kept_page_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries, address: str) -> None:
    Client().get(address)
    with django_assert_num_queries(1):
        Client().get(address)


ASKED = (*KEPT, "/books/?q=emma", "/books/?genre=novel&page=2", "/authors/?q=eliot", "/genres/novel/?per_page=10")


@pytest.mark.parametrize(
    "visitor",
    [
        undecided,
        refusing,
        in_the_dark,
        counted_before,
        allowing_everything,
        reading,
        signed_in,
        signed_in_and_counted,
        signed_in_and_reading_in_the_dark,
    ],
)
@pytest.mark.parametrize("address", ASKED)
def test_a_page_of_the_catalogue_costs_three_queries_at_most(
    make_book: MakeBook, visitor: Callable[[], Client], address: str
) -> None:
    book, other = make_book("Emma", genres=("Novel",), available=1), make_book("Persuasion", genres=("Novel",))
    client = visitor()
    Book.objects.update(views=100)  # so that one view more makes no book more popular
    path = address.format(book=book.pk, author=book.author_id)
    client.get(path)
    client.get(other.get_absolute_url())  # so that a reader's session is saved by the page, if that is a book's
    if path != book.get_absolute_url():
        client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= 3, [query["sql"] for query in queries]
