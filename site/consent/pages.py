"""Addresses to go back to, that came in a form or a query."""

import re

# One slash, and then nothing that a browser takes for another, drops, or trims before it looks (url.spec.whatwg.org):
# Django's `url_has_allowed_host_and_scheme` lets "//" through when a line break follows it.
_PAGE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def own_page(address: str | None, otherwise: str) -> str:
    """An address, if it is that of a page of this site, without a host; else another one."""
    return address if address and _PAGE.fullmatch(address) else otherwise
