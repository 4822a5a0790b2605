"""In which order a crawl opens what it finds."""

import pytest

from cookie_audit.links import Frontier

pytestmark = pytest.mark.promise("U8")

SITE = "https://site.example"


def taken(frontier: Frontier) -> list[str]:
    order = []
    while (url := frontier.take()) is not None:
        order.append(url.removeprefix(SITE))
    return order


def test_one_page_of_each_kind_comes_first_and_the_others_follow() -> None:
    frontier = Frontier(f"{SITE}/")
    frontier.add(
        f"{SITE}/{path}" for path in ("books/1/", "books/2", "books/?page=2", "books/3/", "books/?page=3", "about/")
    )
    assert taken(frontier) == ["/", "/books/1/", "/books/2", "/books/?page=2", "/about/", "/books/3/", "/books/?page=3"]


def test_no_other_host_scheme_or_port_is_opened_and_no_page_twice() -> None:
    frontier = Frontier(f"{SITE}/")
    frontier.add(
        ["https://other.example/", "http://site.example/", f"{SITE}:8443/", "mailto:a@site.example", f"{SITE}/#top"]
    )
    frontier.add([f"{SITE}/about/#one", f"{SITE}/about/#two"])
    assert taken(frontier) == ["/", "/about/"]
