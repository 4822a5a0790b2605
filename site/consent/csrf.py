"""Django's protection of forms, without its cookie for those who have no session yet.

A page for somebody without a session carries no token, as a token needs a cookie; the browser's own word on where such
a form comes from is as good (`consent.origin`). So `csrftoken` stands beside `sessionid`, and never alone on a first
visit. Cookies may come and go between a form's opening and its sending: what counts is whether the form has a token.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware

from consent.origin import request_comes_from_here
from consent.sessions import session_of


class CsrfMiddleware(CsrfViewMiddleware):
    """In the place of `django.middleware.csrf.CsrfViewMiddleware`."""

    def process_view(
        self, request: HttpRequest, callback: Any, callback_args: Any, callback_kwargs: Any
    ) -> HttpResponseForbidden | None:
        """Check the token of a form that has one, as Django does; else check where it comes from."""
        if not carries_token(request) and request_comes_from_here(request):
            return self._accept(request)  # type: ignore[attr-defined, no-any-return]
        return super().process_view(request, callback, callback_args, callback_kwargs)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set the token's cookie only beside a session's, for which it may have to look into the store."""
        if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") and not has_session(request):
            return response
        return super().process_response(request, response)


def carries_token(request: HttpRequest) -> bool:
    """Whether a request brings a token, in its form or in a header; either may be wrong."""
    return "csrfmiddlewaretoken" in request.POST or settings.CSRF_HEADER_NAME in request.META


def has_session(request: HttpRequest) -> bool:
    """Whether this visitor has a session, or gets one with this response; loads the one whose cookie came."""
    session = session_of(request)
    return session is not None and session.keeps_something
