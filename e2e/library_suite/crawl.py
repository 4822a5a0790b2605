"""Finds the pages of the site by following its links, over plain HTTP and without cookies."""

import re
import urllib.request
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

UNLINKED = ("/accounts/arrival/", "/admin/", "/cookie-check/result/?asked=1", "/there-is-no-such-page/")
"""Pages that one gets to by sending a form, or by mistyping."""

_ONE_OF_MANY = re.compile(r"(?<=/)\d+(?=/)|(?<=/genres/)[^/]+(?=/)|=.*")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        link = dict(attributes).get("href")
        if tag == "a" and link:
            self.found.append(link)


def shape_of(path: str) -> str:
    """An address with the parts left out in which pages of one kind differ: numbers, names, all but a first option."""
    return _ONE_OF_MANY.sub("*", path)


def crawl(address: str) -> list[str]:
    """Every page that links lead to from the home page, as paths with their queries; of each kind one example."""
    found, waiting, seen = [], ["/"], {"/"}
    kinds: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        if shape_of(path) in kinds:
            continue
        kinds.add(shape_of(path))
        found.append(path)
        for link in _links_of(address, path):
            target = urlsplit(urldefrag(urljoin(address + path, link)).url)
            next_path = target.path + (f"?{target.query}" if target.query else "")
            if f"{target.scheme}://{target.netloc}" == address and next_path not in seen:
                seen.add(next_path)
                waiting.append(next_path)
    return [*found, *UNLINKED]


def _links_of(address: str, path: str) -> list[str]:
    """The links of a page; none for a document of another kind. Raises `HTTPError` for a link that leads nowhere."""
    with urllib.request.urlopen(address + path, timeout=20) as answer:
        text = answer.read().decode() if "html" in answer.headers.get("Content-Type", "") else ""
    links = _Links()
    links.feed(text)
    return links.found
