"""Addresses to go back to: of the page that is open, and those that came in a form or a query."""

import re
from urllib.parse import quote

from django.http import HttpRequest

# One slash, and then nothing that a browser takes for another, drops, or trims before it looks (url.spec.whatwg.org):
# Django's `url_has_allowed_host_and_scheme` lets "//" through when a line break follows it.
_PAGE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")

LONGEST_ADDRESS = 1_000
"""Characters, quoted: addresses come back in the headers of redirects, of which nginx takes no more than 4 KB."""


def own_page(address: str | None, otherwise: str) -> str:
    """An address, if it is that of a page of this site, without a host, and no longer than any here; else another."""
    return address if address and _PAGE.fullmatch(address) and len(quote(address)) <= LONGEST_ADDRESS else otherwise


def can_be_opened_again(request: HttpRequest) -> bool:
    """Whether the page that answers this request has an address to go back to; a form's may take nothing but forms."""
    return request.method in {"GET", "HEAD"}
