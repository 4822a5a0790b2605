"""Addresses that come in a form lead to a page of this site, whatever they are."""

from urllib.parse import urljoin

import pytest
from django.http import HttpResponseRedirect
from hypothesis import example, given
from hypothesis import strategies as st

from consent_gate.pages.addresses import LONGEST_ADDRESS, own_page
from consent_gate.pages.banner import without_outcome

HERE = "https://library.example/"
NEARLY = st.from_regex(r"[/\\\t\n\r ]{0,3}(https?:)?[/\\]{0,3}(evil\.example)?[\t\n\r ]{0,2}", fullmatch=True)


@given(st.text() | NEARLY)
@example("//\r")
@example("/\t/evil.example")
@example("/\\evil.example")
def test_no_address_leads_to_another_site(address: str) -> None:
    page = own_page(address, "/")
    found = HttpResponseRedirect(page).headers["Location"]
    assert urljoin(f"{HERE}cookies/", found).startswith(HERE)
    assert urljoin(f"{HERE}cookies/", without_outcome(page)).startswith(HERE)


@pytest.mark.parametrize(
    ("address", "without"),
    [
        ("/books/?q=a%20b&cookie-choice=kept&page=2", "/books/?q=a%20b&page=2"),
        ("/books/?cookie-choice=kept#cookie-outcome", "/books/"),
        ("/books/?q=a#top", "/books/?q=a"),
        ("/books/#top", "/books/"),
        ("/books/", "/books/"),
    ],
)
def test_of_an_address_its_page_and_its_own_query_are_left(address: str, without: str) -> None:
    assert without_outcome(address) == without


@pytest.mark.parametrize(
    "address", ["/", "/books/?q=a%20b&page=2", "/genres/krimi/", "/bücher/", "/".ljust(LONGEST_ADDRESS, "a")]
)
def test_a_page_of_this_site_is_taken_as_it_is(address: str) -> None:
    assert own_page(address, "/elsewhere/") == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "books/",
        "?q=a",
        "#top",
        "https://library.example/",
        "javascript:alert(1)",
        "/books/?q=" + "é" * 170,
        "/".ljust(LONGEST_ADDRESS + 1, "a"),
    ],
)
def test_no_other_address_is_taken_for_a_page_of_this_site(address: str | None) -> None:
    assert own_page(address, "/elsewhere/") == "/elsewhere/"
