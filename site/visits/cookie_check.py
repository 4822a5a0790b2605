"""Whether a visitor's browser keeps this site's cookies, found out with Django's test cookie.

The mark lies in the session, so what travels is the session cookie; there is no cookie named "testcookie".
Source: docs.djangoproject.com/en/5.2/topics/http/sessions/#setting-test-cookies
"""

from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest


class CookieSupport(StrEnum):
    """The outcome of a cookie check."""

    WORKS = "works"
    NOTHING_CAME_BACK = "nothing-came-back"
    NOT_TESTED = "not-tested"


def outcome(*, test_cookie_worked: bool, session_cookie_returned: bool, asked: bool) -> CookieSupport:
    """Judge what a request brought back.

    A session cookie that comes back proves as much as the mark in it; so a reload after a success, which finds the mark
    deleted, gives the same answer. Without either, only a visitor who was just sent a mark (`asked`) can be told that
    it is missing.
    """
    if test_cookie_worked or session_cookie_returned:
        return CookieSupport.WORKS
    return CookieSupport.NOTHING_CAME_BACK if asked else CookieSupport.NOT_TESTED


def set_mark(request: HttpRequest) -> None:
    """Begin a check: the response carries the test cookie."""
    request.session.set_test_cookie()


def verify(request: HttpRequest, *, asked: bool) -> CookieSupport:
    """End a check: look for the test cookie, say so on the server's console when it worked, and delete it."""
    worked = request.session.test_cookie_worked()
    if worked:
        print(">>>> TEST COOKIE WORKED!", flush=True)
        request.session.delete_test_cookie()
    return outcome(
        test_cookie_worked=worked,
        session_cookie_returned=settings.SESSION_COOKIE_NAME in request.COOKIES,
        asked=asked,
    )
