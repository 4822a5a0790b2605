"""Notes each response as it leaves the gate, in development alone: `privacy_dashboard.apps` connects it there."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from consent_gate.api import consent_of, masked_line, registry, set_cookie_lines
from privacy_dashboard.last_responses import LastResponses, SentResponse, hidden_cookies, session_after

last_responses = LastResponses()

PAGE = "last-responses"
TOOLBAR = "djdt"
"""The namespace of debug-toolbar's addresses."""


def note_response(sender: Any, *, request: HttpRequest, response: HttpResponseBase | None, **kwargs: Any) -> None:
    """Receive `consent_gate.signals.response_released`. Reads, and changes nothing."""
    came_with = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    left_with = came_with
    if response:
        left_with = session_after(came_with, response.cookies.values(), session_cookie=settings.SESSION_COOKIE_NAME)
    kept = None if is_passed_over(request) else sent_response(request, response)
    last_responses.add(kept, came_with=came_with, left_with=left_with)


def is_passed_over(request: HttpRequest) -> bool:
    """Whether a request is not worth a place: for an asset, from the toolbar, or for the page that shows the others."""
    match = request.resolver_match
    return request.path.startswith(settings.STATIC_URL) or (
        match is not None and (match.url_name == PAGE or TOOLBAR in match.app_names)
    )


def sent_response(request: HttpRequest, response: HttpResponseBase | None) -> SentResponse:
    """What is kept of a response. No query of its address: there may be secrets in it."""
    consent = consent_of(request)
    lines = set_cookie_lines(response) if response else ()
    hidden = hidden_cookies(consent.hidden, consent.expiring)
    return SentResponse(
        at=datetime.now(UTC),
        method=request.method or "",
        path=request.path,
        status=response.status_code if response else None,
        set_cookie=tuple(masked_line(line, registry.cookies) for line in lines),
        verdicts=tuple(consent.verdicts),
        hidden=hidden,
        hidden_left_out=len(consent.hidden) - len(hidden),
    )
