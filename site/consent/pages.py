"""Addresses to go back to: of the page that is open, and those that came in a form or a query."""

import re

from django.http import HttpRequest

# One slash, and then nothing that a browser takes for another, drops, or trims before it looks (url.spec.whatwg.org):
# Django's `url_has_allowed_host_and_scheme` lets "//" through when a line break follows it.
_PAGE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def own_page(address: str | None, otherwise: str) -> str:
    """An address, if it is that of a page of this site, without a host; else another one."""
    return address if address and _PAGE.fullmatch(address) else otherwise


def can_be_opened_again(request: HttpRequest) -> bool:
    """Whether the page that answers this request has an address to go back to; a form's may take nothing but forms."""
    return request.method in {"GET", "HEAD"}
