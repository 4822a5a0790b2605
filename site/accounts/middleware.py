"""Ends sessions that should have ended with the browser, once they have stood idle for too long."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.sessions.backends.base import SessionBase
from django.db import Error
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.cookies import LAST_USED_KEY
from accounts.idle import Idleness, standing
from consent_gate.api import GatedSession, duration


class IdleLimitMiddleware:
    """Stands inside the middleware for sessions and that for messages; a persistent session is none of its business."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            idle = is_idle(request.session)
        except Error:  # nobody reads a session in this request whose store is away, and a refusal of cookies needs none
            idle = False
        if idle:
            end(request)
        response = self.get_response(request)
        note_use(request.session)
        return response


def is_idle(session: SessionBase) -> bool:
    """Whether a session that a browser brought has stood idle for too long. Loads it; without one there is no query."""
    return (
        session.session_key is not None
        and session.get_expire_at_browser_close()
        and _standing(session) is Idleness.IDLE
    )


def end(request: HttpRequest) -> None:
    """End a session in its store. Whoever was signed in is told why they are not any more."""
    was_signed_in = auth.SESSION_KEY in request.session
    request.session.flush()
    if was_signed_in:
        limit = duration(timedelta(seconds=settings.SESSION_IDLE_LIMIT))
        text = _(
            "You are signed out, as your session was not used for a while: it may stand idle for %(duration)s at most."
        )
        messages.info(request, text % {"duration": limit})


def note_use(session: SessionBase) -> None:
    """Note that a session is used now, if that is due; the gate keeps no session for this note alone.

    A session that has become persistent loses its note when it is next saved: else the note would be out of date, and
    end it at once, when it becomes one of browser length again.
    """
    if not session.accessed or _is_away(session) or not session.keys():
        return
    if session.get_expire_at_browser_close():
        if _standing(session) is not Idleness.FRESH:
            session[LAST_USED_KEY.name] = _now()
    elif session.modified:
        session.pop(LAST_USED_KEY.name, None)


def _is_away(session: SessionBase) -> bool:
    return isinstance(session, GatedSession) and session.away is not None


def _standing(session: SessionBase) -> Idleness:
    return standing(session.get(LAST_USED_KEY.name), _now(), settings.SESSION_IDLE_LIMIT)


def _now() -> int:
    return int(time.time())
