"""Whole pages, kept in each server process: without what is one visitor's, they are the same for everybody.

Who has allowed nothing, and brings no cookie but perhaps that refusal, gets a page that follows from its address, the
language, the banner's question and the catalogue alone. Whoever has a session gets one with holes, where their name,
their form's token and whatever else is theirs is filled in. The catalogue's version is read anew for each page, by one
query, so that a kept page is right over all processes and machines the moment that a row changes. In the process and
not in a shared cache, as a new translation or template comes with a new process; and nothing here waits for Redis.
"""

from collections.abc import Callable, Mapping
from html import escape
from secrets import token_hex
from types import MappingProxyType
from typing import NamedTuple

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from catalog.cookies import PAGE_SIZE
from catalog.paging import page_size
from consent_gate.api import CHOICE, CSRF, LANGUAGE, SESSION, consent_of
from consent_gate.context_processors import consent as forms_of
from preferences.cookies import DISMISSED_NOTICE, THEME
from preferences.options import notice_is_put_away, theme_of
from visits.cookies import LAST_VISIT, VISITS

CACHE = "template_fragments"
"""Also where Django's `{% cache %}` keeps what it renders."""

WITHOUT_STATE = frozenset({"undecided", "refused", "signalled"})
"""Of the decision's states, those in which nothing is allowed, and the banner asks everybody the same."""

OF_A_SESSION = frozenset({CHOICE, SESSION, CSRF, VISITS, LAST_VISIT, LANGUAGE, THEME, DISMISSED_NOTICE, PAGE_SIZE})
"""Cookies of visitors whose pages are kept: what they choose from is little, and there is a page for each choice."""

_SECRET = token_hex(16)
"""In the marks of the holes, so that no text of a book can be one."""

Holes = Mapping[str, str]
"""What stands in a page at the places that are filled in for each visitor."""

Fills = Mapping[str, Callable[[], str]]
"""What makes the HTML for each hole of a page."""


class Keeping(NamedTuple):
    """Under what a page is kept, or "" for a page that is not; and what is filled in on every page of this visitor."""

    key: str = ""
    fills: Fills = MappingProxyType({})


def kept_page(keeping: Keeping, render: Callable[[Holes], HttpResponse], fills: Fills | None = None) -> HttpResponse:
    """The page that is kept; or else the one that `render` makes, with marks where `fills` and the visitor's own go.

    Where nothing is kept, `render` is given what `fills` give.
    """
    if not keeping.key:
        return render({name: fill() for name, fill in (fills or {}).items()})
    fills = {**keeping.fills, **(fills or {})}
    content = caches[CACHE].get(keeping.key)
    if content is None:
        content = render({name: _mark(name) for name in fills}).content
        caches[CACHE].set(keeping.key, content)
    for name, fill in fills.items():
        mark = _mark(name).encode()
        if mark in content:  # a token has a cookie, which a page without a form is not to send
            content = content.replace(mark, fill().encode())
    return HttpResponse(content)


def _mark(name: str) -> str:
    return f"{_SECRET}-{name}"


def keeping_of(request: HttpRequest, version: str, *, differs_by: str = "") -> Keeping:
    """How to keep the page that a request asks for, made of the catalogue as it is under a version.

    `differs_by`: what of the visitor else is on the page, and in no hole of it.
    """
    return keeping_for_everybody(request, version) or _for_a_session(request, version, differs_by) or Keeping()


def keeping_for_everybody(request: HttpRequest, version: str) -> Keeping | None:
    """The same for a visitor without state alone; None for others.

    What the gate keeps from the site is on no page: an undeclared cookie may come along.
    """
    consent = consent_of(request)
    if (
        _can_be_kept(request)
        and consent.decision.state in WITHOUT_STATE
        and not consent.expiring
        and request.COOKIES.keys() <= {CHOICE.name}
    ):
        return Keeping(_key(request, version, "nobody"))
    return None


def _for_a_session(request: HttpRequest, version: str, differs_by: str) -> Keeping | None:
    """For a visitor with a session, or who allows one. Loads it. Nobody who is told something once is among them."""
    consent = consent_of(request)
    if (
        _can_be_kept(request)
        and consent.decision.state in WITHOUT_STATE | {"granted"}
        and not consent.expiring
        and request.COOKIES.keys() <= {cookie.name for cookie in OF_A_SESSION}
        and not get_messages(request)
        and not (SESSION.name in request.COOKIES and request.session.session_key is None)  # gone, and they are told so
    ):
        allowed = "+".join(sorted(consent.decision.granted))
        fills: dict[str, Callable[[], str]] = {}
        if forms_of(request)["needs_token"]:
            fills["csrf_token"] = lambda: get_token(request)
        if request.user.is_authenticated:
            fills["username"] = lambda: escape(request.user.get_username())
        return Keeping(_key(request, version, f"{allowed}:{'+'.join(fills)}:{_look(request)}:{differs_by}"), fills)
    return None


def _look(request: HttpRequest) -> str:
    """What a visitor's cookies say of how pages look. The language comes from elsewhere, too, and is in each key."""
    cookies = request.COOKIES
    return f"{theme_of(cookies)}:{notice_is_put_away(cookies)}:{page_size({}, cookies)}"


def _can_be_kept(request: HttpRequest) -> bool:
    """Pages with a query are left out for their number; and those of development, whose templates change."""
    return request.method == "GET" and not request.META.get("QUERY_STRING") and not settings.DEBUG


def _key(request: HttpRequest, version: str, who: str) -> str:
    """All that such a page depends on."""
    consent = consent_of(request)
    gpc = "gpc" if consent.gpc else ""
    return f"page:{version}:{get_language()}:{consent.decision.state}:{gpc}:{who}:{request.path}"
