"""How many rows a page has."""

from collections.abc import Callable

import pytest
from django.test import Client

from catalog.paging import page_size
from catalog.tests.conftest import MakeBook
from consent_gate.api import Purpose


@pytest.mark.parametrize(
    ("query", "cookie", "size"),
    [
        (None, None, 25),
        ("50", None, 50),
        (None, "10", 10),
        ("50", "10", 50),
        ("7", "10", 10),
        ("9" * 5000, "-1", 25),
        ("١٠", "ten", 25),
    ],
)
def test_the_address_outranks_the_cookie_and_nonsense_counts_for_nothing(
    query: str | None, cookie: str | None, size: int
) -> None:
    given = {"per_page": query} if query else {}
    assert page_size(given, {"page_size": cookie} if cookie else {}) == size


@pytest.mark.django_db
def test_a_chosen_page_size_is_remembered(client: Client, make_book: MakeBook, grant: Callable[..., None]) -> None:
    grant(client, Purpose.PREFERENCES)
    for number in range(12):
        make_book(f"Volume {number}")
    assert client.get("/books/?per_page=10").cookies["page_size"].value == "10"
    page = client.get("/books/")
    assert len(page.context["page"]) == 10
    assert "page_size" not in page.cookies


@pytest.mark.django_db
def test_no_link_of_another_site_chooses_a_page_size(client: Client, grant: Callable[..., None]) -> None:
    grant(client, Purpose.PREFERENCES)
    assert "page_size" not in client.get("/books/?per_page=10", headers={"sec-fetch-site": "cross-site"}).cookies
    assert "page_size" in client.get("/books/?per_page=10", headers={"sec-fetch-site": "same-origin"}).cookies
    assert "page_size" in client.get("/books/?per_page=25", headers={"sec-fetch-site": "none"}).cookies


@pytest.mark.django_db
def test_links_carry_the_page_size_so_that_it_holds_without_cookies(client: Client, make_book: MakeBook) -> None:
    for number in range(12):
        make_book(f"Volume {number}")
    page = client.get("/books/?per_page=10").content.decode()
    assert "?per_page=10&amp;page=2" in page


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["0", "-1", "999", "last", "9" * 5000, "%00", "1.5"])
def test_a_page_that_does_not_exist_gives_one_that_does(client: Client, make_book: MakeBook, number: str) -> None:
    make_book()
    assert client.get(f"/books/?page={number}").status_code == 200
