"""The page on exports names each key of the files that visitors take home, and no other."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.test import Client

from catalog.models import Genre
from consent_gate.api import OPTIONAL_PURPOSES
from locallibrary.tests.docs.pages import DOCS, Page

SAME_SITE = {"sec-fetch-site": "same-origin"}
REGISTRATION = {"username": "jorge", "password1": "correct horse battery", "password2": "correct horse battery"}


@pytest.fixture
def visitor(client: Client, db: None) -> Client:
    """Somebody who has accepted, registered, liked a genre, and brings more cookies than the page shows."""
    client.post(
        "/cookies/choice/", {"answer": "accept", "asked": list(OPTIONAL_PURPOSES)}, headers=SAME_SITE, follow=True
    )
    client.post("/accounts/register/", REGISTRATION, headers=SAME_SITE, follow=True)
    client.post(Genre.objects.create(name="Epic", slug="epic").get_absolute_url() + "like/", {"liked": "yes"})
    client.get("/")
    for number in range(60):
        client.cookies[f"stray{number}"] = "1"
    return client


def test_every_key_of_an_export_is_on_the_page_and_the_other_way_round(visitor: Client) -> None:
    exported = set(keys_in(visitor.post("/privacy/export/", headers=SAME_SITE).json()))
    assert_same(documented_keys("Everything: `privacy-export/1`"), exported)


def test_every_key_of_a_receipt_is_on_the_page_and_the_other_way_round(visitor: Client) -> None:
    receipt = set(keys_in(visitor.get("/cookies/receipt.json").json()))
    assert_same(documented_keys("The receipt: `cookie-receipt/1`"), receipt)


def assert_same(documented: set[str], there: set[str]) -> None:
    assert {key for key in there if not any(covers(each, key) for each in documented)} == set()
    assert {each for each in documented if not any(is_named(each, key) for key in there)} == set()


def is_named(documented: str, key: str) -> bool:
    return fnmatchcase(key, documented.replace("[]", "[[]]"))


def covers(documented: str, key: str) -> bool:
    """Whether a row is about a key, or about what would lie below it if there were something."""
    return is_named(documented, key) or documented.startswith((f"{key}.", f"{key}[]"))


def documented_keys(heading: str) -> set[str]:
    """The keys in the first cells of a table; `*` stands for any name."""
    cells = [row[0] for row in Page(DOCS / "export.md").rows(heading)]
    return {key for cell in cells for key in re.findall(r"`([^`]+)`", cell)}


def keys_in(value: Any, path: str = "") -> Iterator[str]:
    """Where the plain values of a document lie: `cookies[].ends.at`. An empty list or object counts as one."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from keys_in(inner, f"{path}.{key}".removeprefix("."))
    elif isinstance(value, list) and value:
        for inner in value:
            yield from keys_in(inner, f"{path}[]")
    else:
        yield path
