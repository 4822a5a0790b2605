"""How a browser is made to forget a cookie, wherever it may lie."""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, Morsel
from itertools import chain, product
from typing import TYPE_CHECKING

from consent_gate.declarations.declaration import CookieDeclaration

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

HEADER_ROOM = 2_900
"""Bytes of headers that a response with deletions may have, as far as they are known by then.

nginx answers with 502 in place of a response whose headers exceed 4,096 bytes, unless it is told otherwise
(nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffer_size). Up to 1,200 come later: the visitor's answer, the
session's new id, the security policy, and what servers add.
"""

LONGEST_PATH = 8
"""Parts of an address that are looked at: with each one the response grows by two lines for each cookie."""

MOST_MISSES = 200
"""Lines for which there was no room, until nobody looks for shorter ones: a request may bring thousands of names."""

MOST_DOMAINS = 4
"""Domains that are looked at, the highest ones: a host made up of a thousand labels must not make a response huge."""

_HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*", re.ASCII)
"""The header comes from the client: nothing else may get into a response."""


@dataclass(frozen=True)
class _Unwanted:
    """A cookie to be deleted, and where it lies if it is the site's own doing."""

    name: str
    path: str
    domain: str | None


def expire(
    response: "HttpResponseBase", cookies: Iterable[CookieDeclaration | str], *, addresses: Sequence[str], host: str
) -> None:
    """Add to a response the deletion of each cookie in every place where it could be kept.

    A browser tells cookies apart by name, domain and path (RFC 6265bis, section 5.7) and never says which of them it
    sent; so each is deleted at the declared path, at every path above `addresses` (those that the browser asked for),
    for this host alone, for each domain above it and for the declared one. `cookies` are declarations, or bare names of
    a declared family; a name that came from the browser and that Python can't send, or that is longer than all the
    room, is left alone.

    If those are more lines than `HEADER_ROOM` allows, each is deleted where it is declared to lie, and then one after
    the other everywhere, as far as the room lasts. What is left over comes with a later request, and is deleted then.
    """
    jar = response.cookies
    room = HEADER_ROOM - len(response.serialize_headers()) - sum(map(_size, jar.values()))
    unwanted = [each for each in map(_unwanted, cookies) if len(each.name) < room and can_be_named(each.name)]
    declared = (_deletions(cookie, [cookie.path], [cookie.domain]) for cookie in unwanted)
    domains = domains_above(host)
    elsewhere = (
        _deletions(cookie, sorted({*paths_above(address), cookie.path}), dict.fromkeys([*domains, cookie.domain]))
        for address, cookie in product(addresses, unwanted)
        if not cookie.name.lower().startswith(
            "__host-"
        )  # browsers keep these at one place (RFC 6265bis, section 4.1.3.2)
    )
    misses = 0
    for key, line in chain.from_iterable(chain(declared, elsewhere)):
        if key in jar:
            continue
        if _size(line) <= room:
            jar[key] = line
            room -= _size(line)
        elif (misses := misses + 1) == MOST_MISSES:
            break


def _unwanted(cookie: CookieDeclaration | str) -> _Unwanted:
    if isinstance(cookie, str):
        return _Unwanted(cookie, "/", None)
    return _Unwanted(cookie.name, cookie.path, cookie.domain.lstrip(".").lower() if cookie.domain else None)


def _deletions(
    cookie: _Unwanted, paths: Iterable[str], domains: Iterable[str | None]
) -> Iterator[tuple[str, "Morsel[str]"]]:
    """The lines that delete a cookie in each of these places.

    One entry of a SimpleCookie is one line of the response; its key tells the places apart, and need not be the name.
    """
    for path, domain in product(paths, domains):
        yield f"{cookie.name} at {domain or 'host'}{path}", deletion(cookie.name, path, domain)


def can_be_named(name: str) -> bool:
    """Whether a response can name a cookie: browsers keep names that Python's `http.cookies` refuses to write."""
    try:
        deletion(name, "/", None)
    except CookieError:
        return False
    return True


def _size(line: "Morsel[str]") -> int:
    """Bytes that a line takes in a response."""
    return len(line.output()) + len("\r\n")


def deletion(name: str, path: str, domain: str | None) -> "Morsel[str]":
    """One line that deletes one cookie at one place. `Max-Age` alone: there may be dozens of such lines."""
    morsel: Morsel[str] = Morsel()
    morsel.set(name, "", '""')
    morsel["max-age"] = "0"
    morsel["path"] = path
    # Browsers take nothing under these names without it, not even a deletion (RFC 6265bis, section 4.1.3).
    morsel["secure"] = name.lower().startswith(("__secure-", "__host-"))
    if domain:
        morsel["domain"] = domain
    return morsel


def paths_above(path: str) -> set[str]:
    """Every path whose cookies are sent with a request for `path`: "/", "/books", "/books/", "/books/1", …"""
    paths = {"/"}
    so_far = ""
    for part in [part for part in path.split("/") if part][:LONGEST_PATH]:
        so_far = f"{so_far}/{part}"
        paths |= {so_far, f"{so_far}/"}
    return {each for each in paths if each.isascii() and each.isprintable() and not set(each) & set(';," \\')}


def domains_above(host: str) -> list[str | None]:
    """Every `Domain` under which a cookie for `host` can be kept; None is the host alone. `host` may have a port."""
    name = host.lower() if host.endswith("]") else host.lower().rsplit(":", 1)[0]
    labels = name.split(".")
    if is_address(name) or not _HOST_NAME.fullmatch(name):
        return [None]
    return [
        None,
        *(".".join(labels[start:]) for start in range(max(0, len(labels) - 1 - MOST_DOMAINS), len(labels) - 1)),
    ]


def is_address(host: str) -> bool:
    """Whether a host is an IP address: then no domain lies above it."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
