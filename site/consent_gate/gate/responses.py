"""The gate on a response: what it would send, what the gate says to each of it, and how that is carried out."""

from collections.abc import Iterable
from http.cookies import CookieError, Morsel
from typing import NamedTuple

from django.http.response import HttpResponseBase

from consent_gate.declarations.declaration import CookieDeclaration, Registry
from consent_gate.gate.judgement import JudgementContext, Reason, Verdict, judge_cookie, outlives
from consent_gate.headers.set_cookie import OutgoingCookie, from_header, from_morsel

HEADER = "Set-Cookie"


class Judged(NamedTuple):
    """One cookie of a response and the gate's word on it. `key` is its place in `response.cookies`, None the header."""

    key: str | None
    cookie: OutgoingCookie
    verdict: Verdict


def judge_response(
    response: HttpResponseBase, registry: Registry, context: JudgementContext, now: float
) -> list[Judged]:
    """Judge all that a response would send, without changing it: a header written by hand too, as Django sends both."""
    judged = []
    if HEADER in response.headers:
        cookie = from_header(response.headers[HEADER], now)
        judged.append(Judged(None, cookie, judge_cookie(cookie, registry, context)))
    for key, morsel in response.cookies.items():
        cookie = from_morsel(morsel, now)
        judged.append(Judged(key, cookie, judge_cookie(cookie, registry, context)))
    return judged


def set_cookie_lines(response: HttpResponseBase) -> tuple[str, ...]:
    """The values of the `Set-Cookie` headers that a server would send with a response as it is now."""
    by_hand = (response.headers[HEADER],) if HEADER in response.headers else ()
    return (*by_hand, *(morsel.OutputString() for morsel in response.cookies.values()))


def carry_out(judged: Iterable[Judged], response: HttpResponseBase, registry: Registry) -> None:
    """Take what was stopped out of a response, and put what has to be mended back in as it is declared."""
    for key, cookie, verdict in judged:
        if verdict.allowed and verdict.reason is not Reason.MENDED:
            continue
        if key is None:
            del response.headers[HEADER]
        else:
            del response.cookies[key]
        declared = registry.cookies.find(cookie.name)
        if verdict.reason is Reason.MENDED and declared and (morsel := mended(cookie, declared)):
            response.cookies[f"{cookie.name} from a header" if key is None else key] = morsel


def mended(cookie: OutgoingCookie, declared: CookieDeclaration) -> "Morsel[str] | None":
    """The cookie with its declared attributes and no longer a life than declared; None if Python can't send its name.

    It is made anew: the old one's texts may hold more attributes than it shows.
    """
    lifetime = declared.lifetime.total_seconds() if declared.lifetime else None
    if not outlives(cookie.lifetime, declared.lifetime):
        lifetime = cookie.lifetime
    morsel: Morsel[str] = Morsel()
    try:
        morsel.set(cookie.name, cookie.value, cookie.value)
    except CookieError:
        return None
    morsel["max-age"] = "" if lifetime is None else str(int(lifetime))
    morsel["httponly"] = declared.http_only
    morsel["secure"] = declared.secure
    morsel["samesite"] = declared.same_site
    morsel["path"] = declared.path
    morsel["domain"] = declared.domain or ""
    return morsel
