"""A search that is filled in wrongly finds nothing, and is no error."""

import pytest
from django.test import Client

from catalog.current import current_catalogue
from catalog.forms import AuthorSearch
from catalog.models import Author
from catalog.tests.conftest import MakeBook

pytestmark = pytest.mark.django_db


def test_a_name_that_is_too_long_to_be_one_finds_no_author() -> None:
    author = Author.objects.create(sort_name="Lucian", name="Lucian", born=125, died=180, country="Syria")
    assert list(AuthorSearch({"q": "Luc"}).found(current_catalogue()).queryset) == [author]
    assert AuthorSearch({"q": "Luc" * 100}).found(current_catalogue()).number == 0


@pytest.mark.parametrize(
    ("query", "most", "found", "says_so"),
    [
        pytest.param("xq", 3, 1, True, id="the last one is not looked at"),
        pytest.param("xq", 4, 2, False, id="all are looked at"),
        pytest.param("voyage xq", 3, 1, False, id="of the long word's all"),
        pytest.param("voyage xq", 1, 0, True, id="not of the long word's all"),
        pytest.param("voyage", 1, 3, False, id="the index holds all"),
    ],
)
def test_a_search_for_short_words_says_where_it_has_not_looked(
    client: Client,
    make_book: MakeBook,
    monkeypatch: pytest.MonkeyPatch,
    *,
    query: str,
    most: int,
    found: int,
    says_so: bool,
) -> None:
    for title in ("Voyage", "Voyage xq", "Last voyage", "Xq"):
        make_book(title)
    monkeypatch.setattr("catalog.searching.LOOKED_THROUGH", most)
    page = client.get("/books/", {"q": query}).content.decode()
    assert page.count('class="book-title"') == found
    assert ('data-testid="looked-through"' in page) is says_so
