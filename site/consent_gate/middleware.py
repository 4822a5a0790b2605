"""Wires the gate into Django: the outermost middleware for cookies, and the session middleware for session keys."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from consent_gate.choice_cookie import choice_among
from consent_gate.cookies import CHOICE
from consent_gate.declarations import CookieDeclaration, registry
from consent_gate.fingerprints import current_fingerprints
from consent_gate.gate import Undeclared
from consent_gate.request import Consent, consent_of
from consent_gate.responses import HEADER, carry_out, judge_response, set_cookie_lines
from consent_gate.same_site import SAFE_METHODS
from consent_gate.sent_cookies import given_to_the_site, is_plain
from consent_gate.sessions import GatedSession, gated, introduce, session_of
from consent_gate.signals import response_released, session_settled
from consent_gate.withdrawal import expire


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
        if isinstance(request.session, GatedSession):
            introduce(request.session, request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the session, unless nothing is left in it that may be kept: then there is no session cookie either."""
        session = session_of(request)
        if session is None:
            return super().process_response(request, response)
        session.settle()
        session.saved = False
        response = super().process_response(request, response)
        if session.saved or session.given_up:
            session_settled.send_robust(sender=type(self), request=request, session=session)
        return response


def admit(request: HttpRequest) -> None:
    """Work out the visitor's decision, and hide the cookies that views may not read."""
    header: str = request.META.get("HTTP_COOKIE", "")
    kept_back: tuple[str, ...] = ()
    if not is_plain(header):
        request.COOKIES, kept_back = given_to_the_site(header)
    cookies = request.COOKIES
    consent = Consent(
        choice_among(header, CHOICE.name, cookies.get(CHOICE.name), datetime.now(UTC)),
        signal=request.META.get("HTTP_SEC_GPC") == "1",
        fingerprints=current_fingerprints(),
    )
    consent.safe_method = request.method in SAFE_METHODS
    consent.hidden = kept_back
    request.consent = consent  # type: ignore[attr-defined]
    if not cookies:
        return
    granted = consent.circumstances.decision.granted
    hidden, expiring = [], []
    for name in cookies:
        declared = registry.cookies.find(name)
        if declared:
            consent.brought_a_declared_cookie = True
        if declared is None or declared.purpose not in granted:
            hidden.append(name)
            if declared:
                expiring.append(name)
    for name in hidden:
        del cookies[name]
    consent.hidden, consent.expiring = (*kept_back, *hidden), tuple(expiring)


def release(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let through what may leave, mend what was sent otherwise than declared, and delete what may not stay.

    Sends `consent_gate.signals.response_released`. Raises `consent_gate.gate.Undeclared` in strict mode, for a defect.
    """
    try:
        _hold_to_the_declarations(request, response)
    except Undeclared:
        response_released.send_robust(ConsentGateMiddleware, request=request, response=None)
        raise
    response_released.send_robust(ConsentGateMiddleware, request=request, response=response)
    return response


def _hold_to_the_declarations(request: HttpRequest, response: HttpResponseBase) -> None:
    consent = consent_of(request)
    _judge(response, consent)
    _expire_hidden(request, response, consent)
    if consent.watchers:
        lines = set_cookie_lines(response)
        for watcher in consent.watchers:
            watcher(lines)
        # A watcher may write to its response; a cookie that it sets gets past the gate no more than any other.
        _judge(response, consent)
    if consent.was_asked:
        _vary_by_the_decision(response)
    if _sends_cookies(response):
        # `Set-Cookie` alone keeps no shared cache from storing a response (RFC 9111, section 7.3), and `Vary` does not
        # help where the next request comes with the same cookies: it would be given the first one's session.
        _keep_private(response)


# Django's two functions take a header apart also where there is none, which each response would pay for.
def _vary_by_the_decision(response: HttpResponseBase) -> None:
    if "Vary" in response.headers:
        patch_vary_headers(response, ("Cookie", "Sec-GPC"))
    else:
        response.headers["Vary"] = "Cookie, Sec-GPC"


def _keep_private(response: HttpResponseBase) -> None:
    if "Cache-Control" in response.headers:
        patch_cache_control(response, private=True)
    else:
        response.headers["Cache-Control"] = "private"


def _judge(response: HttpResponseBase, consent: Consent) -> None:
    """Judge all that a response would send, and carry the verdicts out."""
    if _sends_cookies(response):
        # Caches have to tell visitors apart: what is left of these cookies depends on the decision.
        consent.was_asked = True
        judged = judge_response(response, registry, consent.circumstances, time.time())
        carry_out(judged, response, registry)
        consent.note(each.verdict for each in judged)


def _sends_cookies(response: HttpResponseBase) -> bool:
    return bool(response.cookies) or HEADER in response.headers


def _expire_hidden(request: HttpRequest, response: HttpResponseBase, consent: Consent) -> None:
    """Delete the cookies that came without being allowed, unless they were allowed in the meantime."""
    if not consent.expiring:
        return
    # Whether there is anything to delete depends on the decision.
    consent.was_asked = True
    granted = consent.circumstances.decision.granted
    unwanted: list[CookieDeclaration | str] = []
    for name in consent.expiring:
        declared = registry.cookies.find(name)
        if declared and declared.purpose not in granted:
            unwanted.append(name if declared.is_pattern else declared)
    expire(response, unwanted, addresses=(request.path,), host=request.META.get("HTTP_HOST", ""))
