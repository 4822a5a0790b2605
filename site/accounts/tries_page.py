"""What a visitor is told whose tries are not looked at any more."""

from collections.abc import Callable
from datetime import timedelta
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from accounts.tries import REGISTRATION, SIGN_IN, TooManyTries
from consent_gate.api import duration

MINUTE = timedelta(minutes=1)


class TriesLimitMiddleware:
    """Answers `TooManyTries`, wherever it was raised, with a page of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """429 with Retry-After (RFC 6585, section 4; RFC 9110, section 10.2.3)."""
        return too_many_tries(request, exception) if isinstance(exception, TooManyTries) else None


def too_many_tries(request: HttpRequest, refused: TooManyTries) -> HttpResponse:
    """The page: what happened, for how long, and what to do next."""
    response = render(
        request,
        "accounts/too_many_tries.html",
        {
            "is_sign_in": refused.subject == SIGN_IN,
            "is_registration": refused.subject == REGISTRATION,
            "wait": wait_in_words(refused.wait),
        },
        status=429,
    )
    response["Retry-After"] = str(_seconds(refused.wait))
    add_never_cache_headers(response)
    return response


def wait_in_words(wait: timedelta) -> str:
    """At least as long as it takes: in whole minutes, or in seconds if it is less than one."""
    whole = timedelta(seconds=_seconds(wait))
    return duration(whole if whole < MINUTE else ceil(whole / MINUTE) * MINUTE)


def _seconds(wait: timedelta) -> int:
    return max(ceil(wait.total_seconds()), 1)
