"""Whether a visitor's browser keeps this site's cookies, found out with Django's test cookie.

The mark lies in the session, so what travels is the session cookie; there is no cookie named "testcookie".
Source: docs.djangoproject.com/en/5.2/topics/http/sessions/#setting-test-cookies
"""

from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest

from consent_gate.api import consent_of


class CookieSupport(StrEnum):
    """The outcome of a cookie check."""

    WORKS = "works"
    NOTHING_CAME_BACK = "nothing-came-back"
    NOT_TESTED = "not-tested"


def outcome(*, test_cookie_worked: bool, another_came_back: bool, asked: bool) -> CookieSupport:
    """Judge what a request brought back.

    Another cookie that comes back proves as much as the mark; so a reload after a success, which finds the mark
    deleted, gives the same answer. Without either, only a visitor who was just sent a mark (`asked`) can be told that
    it is missing.
    """
    if test_cookie_worked or another_came_back:
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
    return outcome(test_cookie_worked=worked, another_came_back=a_cookie_came_back(request), asked=asked)


def a_cookie_came_back(request: HttpRequest) -> bool:
    """Whether the browser brought a cookie that this site sets: a session's, or an answer to the banner.

    The session may be over: that its cookie came proves all the same that the browser keeps cookies and sends them.
    """
    return settings.SESSION_COOKIE_NAME in request.COOKIES or consent_of(request).choice_came_back
