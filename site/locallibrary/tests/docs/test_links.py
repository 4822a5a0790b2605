"""What leads somewhere: links, the index, pictures; and how long the front door may be."""

import re
from pathlib import Path

import pytest

from locallibrary.environment import CHECKOUT
from locallibrary.tests.docs.pages import DOCS, PAGES, PARTS, README, Page

MOST_LINES = 150
"""Of the README. What does not fit belongs to docs/."""


@pytest.mark.parametrize("document", PAGES, ids=str)
def test_every_link_leads_to_a_file_and_a_heading(document: Page) -> None:
    assert [
        link for link in document.links if not re.match(r"https?:", link) and not leads_somewhere(link, document)
    ] == []


def leads_somewhere(link: str, page: Page) -> bool:
    target, _hash, anchor = link.partition("#")
    path = (page.path.parent / target).resolve() if target else page.path
    return path.exists() and (not anchor or anchor in Page(path).anchors)


@pytest.mark.parametrize("part", PARTS)
def test_the_readme_of_a_package_links_nothing_that_its_index_lacks(part: str) -> None:
    assert [link for link in Page(CHECKOUT / part / "README.md").links if not re.match(r"https?:", link)] == []


def test_the_index_lists_every_page_of_the_docs() -> None:
    listed = {link.partition("#")[0] for link in Page(DOCS / "README.md").links}
    assert {path.name for path in DOCS.glob("*.md")} - {"README.md"} - listed == set()


def test_every_picture_is_shown_somewhere() -> None:
    shown = {Path(link).name for page in PAGES for link in page.links}
    assert {path.name for path in (DOCS / "pictures").iterdir()} - shown == set()


def test_the_readme_is_short() -> None:
    assert len(README.text.splitlines()) <= MOST_LINES
