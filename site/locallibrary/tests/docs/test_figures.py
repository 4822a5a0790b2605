"""What the pages count and measure."""

import re

from accounts.management.commands.create_demo_accounts import DEMO_ACCOUNTS
from catalog.collection import authors
from locallibrary.tests.docs.pages import DOCS, README, Page


def test_the_demo_accounts_are_those_that_the_demo_makes() -> None:
    for name, password, _librarian in DEMO_ACCOUNTS:
        assert f"`{name}`" in README.text
        assert f"`{password}`" in README.text


def test_the_size_of_the_collection_is_what_the_files_hold() -> None:
    books = [book for author in authors() for book in author.books]
    spoken = {book.language for book in books}
    assert f"{len(books)} books by {len(authors())} authors in {len(spoken)} languages" in README.text


def test_every_figure_says_when_and_of_which_commit_it_was_measured() -> None:
    pages = [Page(DOCS / name) for name in ("benchmarks.md", "growth.md")]
    figures = [block.text for page in pages for block in page.blocks if block.language == "text"]
    stamp = re.compile(r"Python [\d.]+, \d+ processors, \d{4}-\d\d-\d\d at [0-9a-f]{7}(-dirty)?\n")
    assert figures
    assert [figure for figure in figures if not stamp.match(figure)] == []
