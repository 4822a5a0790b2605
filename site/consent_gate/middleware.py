"""Wires the gate into Django: for cookies, for session keys, and for forms."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, InvalidTokenFormat

from consent_gate.gate.admission import admit
from consent_gate.gate.forms import Token, has_session, is_checked, is_proven_by_origin, token_of
from consent_gate.gate.release import release
from consent_gate.gate.sessions import GatedSession, gated, introduce, session_of
from consent_gate.headers.origin import request_comes_from_here
from consent_gate.signals import session_settled


class ConsentGateMiddleware:
    """Stands outermost of all that can set a cookie; works under WSGI and ASGI alike.

    On the way in it works out the decision and hides the cookies that it does not allow. On the way out it judges every
    `Set-Cookie` by the decision as it stands then.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        admit(request)
        response = self.get_response(request)
        if isinstance(response, HttpResponseBase):
            return release(request, response)
        return self._release_later(request, response)

    async def _release_later(self, request: HttpRequest, response: Awaitable[HttpResponseBase]) -> HttpResponseBase:
        return release(request, await response)


class SessionGateMiddleware(SessionMiddleware):
    """Django's session middleware with a gated store: stands just inside the consent gate, in the place of Django's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.SessionStore = gated(self.SessionStore)

    def process_request(self, request: HttpRequest) -> None:
        """Give the request its session, and the session the visitor's consent."""
        super().process_request(request)
        introduce(cast("GatedSession", request.session), request)  # by `SessionStore`, see above

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the session, unless nothing is left in it that may be kept: then there is no session cookie either.

        One whose store is away is left as it is: a view that needed it has failed by now.
        """
        session = session_of(request)
        if session is None:
            return super().process_response(request, response)
        session.saved = False
        if session.away:
            return response
        try:
            session.settle()
            response = super().process_response(request, response)
        except (Error, SessionInterrupted):
            if not session.dispensable:
                raise
            return response
        if session.saved or session.deleted_keys:
            session_settled.send_robust(sender=type(self), request=request, session=session)
        return response


class CsrfMiddleware(CsrfViewMiddleware):
    """In the place of `django.middleware.csrf.CsrfViewMiddleware`."""

    def process_view(
        self, request: HttpRequest, callback: Any, callback_args: Any, callback_kwargs: Any
    ) -> HttpResponseForbidden | None:
        """Take a form that is proven by its origin, and hand the others to Django. Reads none that Django would not."""
        if is_checked(request, callback):
            from_here = request_comes_from_here(request)
            token = token_of(request) if from_here else Token.UNREAD
            if is_proven_by_origin(from_here=from_here, has_secret=self._has_secret(request), token=token):
                return self._accept(request)  # type: ignore[attr-defined, no-any-return]
        return super().process_view(request, callback, callback_args, callback_kwargs)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set the token's cookie only beside a session's, for which it may have to look into the store."""
        if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") and not has_session(request):
            return response
        return super().process_response(request, response)

    def _has_secret(self, request: HttpRequest) -> bool:
        try:
            return self._get_secret(request) is not None  # type: ignore[attr-defined]
        except InvalidTokenFormat:  # a damaged cookie is one all the same, and Django refuses it
            return True
