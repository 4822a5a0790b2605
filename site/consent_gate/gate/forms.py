"""Django's protection of forms, without its cookie for those who have no session yet.

A token in a form proves something only beside its cookie, and that stands beside `sessionid`, never alone on a first
visit. Where there is none, the browser's own word on where a form comes from is as good (`headers.origin`), and no
other site can speak it. So a form written as Django's tutorial writes it works before any choice, with cookies blocked,
and with a session; and cookies may come and go between its opening and its sending.
"""

from enum import Enum
from typing import Any

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError

from consent_gate.gate.sessions import session_of
from consent_gate.headers.same_site import SAFE_METHODS

NO_TOKEN = "none"  # noqa: S105 -- on the contrary
"""What stands in a form in the place of a token, for a visitor who needs none."""


class Token(Enum):
    """What a request brings beside its cookies, in its form or in a header."""

    NONE = "none"
    SOME = "right or wrong"
    UNREAD = "not looked for, or the connection broke"


def is_proven_by_origin(*, from_here: bool, has_secret: bool, token: Token) -> bool:
    """Whether it is enough that a form comes from here; else Django decides, as it does for everybody.

    `has_secret`: the visitor has what a token is compared with, in a cookie. Django refuses whoever brings none, or no
    token; and it looks at the origin too.
    """
    if not from_here or token is Token.UNREAD:
        return False
    return token is Token.NONE or not has_secret


def is_checked(request: HttpRequest, view: Any) -> bool:
    """Whether Django checks a request at all: no safe method, no exempt view, nor twice."""
    return not (
        request.method in SAFE_METHODS
        or getattr(view, "csrf_exempt", False)
        or getattr(request, "csrf_processing_done", False)
    )


def token_of(request: HttpRequest) -> Token:
    """Which token a request brings. Reads its form."""
    try:
        in_form = request.POST.get("csrfmiddlewaretoken")
    except UnreadablePostError:
        return Token.UNREAD
    brought = {in_form, request.META.get(settings.CSRF_HEADER_NAME)}
    return Token.SOME if brought - {None, NO_TOKEN} else Token.NONE


def has_session(request: HttpRequest) -> bool:
    """Whether this visitor has a session, or gets one with this response; loads the one whose cookie came."""
    session = session_of(request)
    return session is not None and session.keeps_something
