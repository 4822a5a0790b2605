"""Whether a form came from a page of this site, told without any cookie.

Browsers say so themselves, in headers that no script can set: `Sec-Fetch-Site` (w3.org/TR/fetch-metadata, all engines
since 2023), and `Origin` on every POST (fetch.spec.whatwg.org/#origin-header, since 2020). So a form can be safe from
other sites before its visitor has agreed to any cookie, and with cookies blocked.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")

NOT_FROM_HERE = "The form was sent from another site, or the browser does not say from which."


def comes_from(own_origin: str, *, fetch_site: str | None, origin: str | None) -> bool:
    """Whether a request was sent by a page of this very origin ("https://library.example", with a port if need be).

    `fetch_site` and `origin` are the headers, None where the request has none. A browser that sends neither is not
    believed; one that sends `Sec-Fetch-Site` is believed whatever `Origin` says.
    """
    if fetch_site is not None:
        return fetch_site == "same-origin"
    return origin is not None and origin == own_origin


def request_comes_from_here(request: HttpRequest) -> bool:
    """Whether a request proves that it was sent by a page of this site."""
    return comes_from(
        f"{request.scheme}://{request.get_host()}",
        fetch_site=request.headers.get("Sec-Fetch-Site"),
        origin=request.headers.get("Origin"),
    )


def from_this_site_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let a view take only forms of this site. In the place of the token, which needs a cookie."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request_comes_from_here(request):
            refuse: Callable[..., HttpResponse] = import_string(settings.CSRF_FAILURE_VIEW)
            return refuse(request, reason=NOT_FROM_HERE)
        return view(request, *args, **kwargs)

    return guarded
