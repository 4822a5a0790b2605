"""Notes the sessions of accounts as they are saved."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dashboard import account_sessions

SERVER_ERROR = 500
"""Django saves no session with it (django.contrib.sessions.middleware)."""


class AccountSessionsMiddleware:
    """Stands just inside the session middleware: what that will save in a moment is noted here.

    Sign-in, sign-out and a change of password give a session another key before the response is made, so it is known by
    then. A request that leaves its session alone costs nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        came_with = request.session.session_key
        response = self.get_response(request)
        will_be_saved = request.session.modified or (came_with and settings.SESSION_SAVE_EVERY_REQUEST)
        if will_be_saved and response.status_code != SERVER_ERROR and account_sessions.can_be_listed():
            account_sessions.note(request.session, came_with)
        return response
