"""Where to go after signing in or out, as an address said it."""

from urllib.parse import unquote

from django.http import HttpRequest

from consent_gate.api import own_page


def next_page(request: HttpRequest, address: str | None, otherwise: str) -> str:
    """The address, if it is a page of this site and another than the one that answers; else `otherwise`.

    A page that leads to itself leads nowhere: Django makes of that an error (django.contrib.auth.views.LoginView).
    """
    page = own_page(address, "")
    path = unquote(page.partition("#")[0].partition("?")[0])
    return page if page and path != request.path else otherwise
