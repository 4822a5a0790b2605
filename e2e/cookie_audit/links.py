"""Which page a crawl opens next: one of each kind first, never on another host, never one twice."""

import re
from collections.abc import Iterable
from urllib.parse import urldefrag, urlsplit

_WHERE_PAGES_OF_A_KIND_DIFFER = re.compile(r"(?<=/)\d+(?=/|$|\?)|=[^&]*")


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def host_of(url: str) -> str:
    """Host and port of an address, as it has them."""
    return urlsplit(url).netloc


def kind_of(url: str) -> str:
    """An address without the parts in which pages of one kind differ: numbers, and the values of a query."""
    return _WHERE_PAGES_OF_A_KIND_DIFFER.sub("*", url)


class Frontier:
    """The addresses that wait to be opened, of one origin, in the order in which they were found."""

    def __init__(self, start: str) -> None:
        self._origin = origin_of(start)
        self._known = {urldefrag(start).url}
        self._waiting = [urldefrag(start).url]
        self._kinds: set[str] = set()

    def add(self, links: Iterable[str]) -> None:
        """Put in what a page links to; what is known already or of another origin is left out."""
        for link in (urldefrag(link).url for link in links):
            if link not in self._known and origin_of(link) == self._origin:
                self._known.add(link)
                self._waiting.append(link)

    def take(self) -> str | None:
        """The next address: the first of a kind that was not taken yet, else the first of all; None at the end."""
        if not self._waiting:
            return None
        new = (url for url in self._waiting if kind_of(url) not in self._kinds)
        url = next(new, self._waiting[0])
        self._waiting.remove(url)
        self._kinds.add(kind_of(url))
        return url
