"""How a browser is made to forget a cookie, wherever it may lie."""

import ipaddress
import re
from collections.abc import Iterable
from contextlib import suppress
from http.cookies import CookieError, Morsel, SimpleCookie

from consent.declarations import CookieDeclaration

LONGEST_PATH = 8
"""Parts of an address that are looked at: with each one the response grows by two lines for each cookie."""

MOST_DOMAINS = 4
"""Domains that are looked at, the highest ones: a host made up of a thousand labels must not make a response huge."""

_HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*", re.ASCII)
"""The header comes from the client: nothing else may get into a response."""


def expire(
    jar: SimpleCookie, cookies: Iterable[CookieDeclaration | str], *, addresses: Iterable[str], host: str
) -> None:
    """Add to a response's cookies the deletion of each cookie in every place where it could be kept.

    A browser tells cookies apart by name, domain and path (RFC 6265bis, section 5.7) and never says which of them it
    sent; so each is deleted at the declared path, at every path above `addresses` (those that the browser asked for),
    for this host alone, for each domain above it and for the declared one. `cookies` are declarations, or bare names of
    a declared family; a name that came from the browser and that Python can't send is left alone.
    """
    paths = {path for address in addresses for path in paths_above(address)}
    domains = domains_above(host)
    for cookie in cookies:
        name, own_path, own_domain = (
            (cookie, "/", None) if isinstance(cookie, str) else (cookie.name, cookie.path, cookie.domain)
        )
        own_domains = {own_domain.lstrip(".").lower()} - set(domains) if own_domain else ()
        for each_path in sorted(paths | {own_path}):
            for domain in (*domains, *own_domains):
                # One entry of a SimpleCookie is one line of the response; its key need not be the cookie's name.
                with suppress(CookieError):
                    jar[f"{name} at {domain or 'host'}{each_path}"] = deletion(name, each_path, domain)


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
    if is_address(name) or len(labels) == 1 or not _HOST_NAME.fullmatch(name):
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
