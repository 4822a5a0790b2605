"""A search that is filled in wrongly finds nothing, and is no error."""

import pytest

from catalog.counts import current_catalogue
from catalog.forms import AuthorSearch
from catalog.models import Author

pytestmark = pytest.mark.django_db


def test_a_name_that_is_too_long_to_be_one_finds_no_author() -> None:
    author = Author.objects.create(sort_name="Lucian", name="Lucian", born=125, died=180, country="Syria")
    assert list(AuthorSearch({"q": "Luc"}).found(current_catalogue()).queryset) == [author]
    assert AuthorSearch({"q": "Luc" * 100}).found(current_catalogue()).number == 0
