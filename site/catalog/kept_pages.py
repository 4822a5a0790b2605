"""Whole pages, kept in each server process for visitors of whom nothing is known: theirs are the same for everybody.

Who has allowed nothing, and brings no cookie but perhaps that refusal, gets a page that follows from its address, the
language, the banner's question and the catalogue alone. The catalogue's version is read anew for each page, by one
query, so that a kept page is right over all processes and machines the moment that a row changes. In the process and
not in a shared cache, as a new translation or template comes with a new process; and nothing here waits for Redis.
"""

from collections.abc import Callable, Mapping
from secrets import token_hex

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from consent_gate.api import CHOICE, CSRF, SESSION, consent_of
from consent_gate.context_processors import consent as forms_of
from visits.cookies import LAST_VISIT, VISITS

CACHE = "template_fragments"
"""Also where Django's `{% cache %}` keeps what it renders."""

WITHOUT_STATE = frozenset({"undecided", "refused", "signalled"})
"""Of the decision's states, those in which nothing is allowed, and the banner asks everybody the same."""

COUNTED = frozenset({CHOICE.name, SESSION.name, CSRF.name, VISITS.name, LAST_VISIT.name})
"""Cookies of a visitor who is counted, and of whom nothing else is known."""

_SECRET = token_hex(16)
"""In the marks of the holes, so that no text of a book can be one."""

Holes = Mapping[str, str]
"""What stands in a page at the places that are filled in for each visitor."""


def kept_page(
    key: str, render: Callable[[Holes], HttpResponse], fills: Mapping[str, Callable[[], str]] | None = None
) -> HttpResponse:
    """The page that is kept under a key; or else the one that `render` makes, with marks where `fills` go.

    `fills` give HTML. Without a key nothing is kept, and `render` is given what they give.
    """
    fills = fills or {}
    if not key:
        return render({name: fill() for name, fill in fills.items()})
    content = caches[CACHE].get(key)
    if content is None:
        content = render({name: _mark(name) for name in fills}).content
        caches[CACHE].set(key, content)
    for name, fill in fills.items():
        content = content.replace(_mark(name).encode(), fill().encode())
    return HttpResponse(content)


def _mark(name: str) -> str:
    return f"{_SECRET}-{name}"


def key_for_everybody(request: HttpRequest, version: str) -> str:
    """Under what to keep the page of a visitor without state; "" for everybody else.

    What the gate keeps from the site is on no page: an undeclared cookie may come along.
    """
    consent = consent_of(request)
    if (
        _can_be_kept(request)
        and consent.decision.state in WITHOUT_STATE
        and not consent.expiring
        and request.COOKIES.keys() <= {CHOICE.name}
    ):
        return _key(request, version, "nobody")
    return ""


def key_for_the_counted(request: HttpRequest, version: str) -> str:
    """Under what to keep the home page of a visitor of whom nothing is known but counts, without them; "" otherwise.

    Loads the session. Nobody who is signed in, chose how the site looks, or is told something once.
    """
    consent = consent_of(request)
    if (
        _can_be_kept(request)
        and consent.decision.state == "granted"
        and not consent.expiring
        and request.COOKIES.keys() <= COUNTED
        and SESSION_KEY not in request.session
        and not get_messages(request)
        and not (SESSION.name in request.COOKIES and request.session.session_key is None)  # gone, and they are told so
    ):
        allowed = "+".join(sorted(consent.decision.granted))
        return _key(request, version, f"{allowed}:{bool(forms_of(request)['needs_token'])}")
    return ""


def _can_be_kept(request: HttpRequest) -> bool:
    """Pages with a query are left out for their number; and those of development, whose templates change."""
    return request.method == "GET" and not request.META.get("QUERY_STRING") and not settings.DEBUG


def _key(request: HttpRequest, version: str, who: str) -> str:
    """All that such a page depends on."""
    consent = consent_of(request)
    gpc = "gpc" if consent.gpc else ""
    return f"page:{version}:{get_language()}:{consent.decision.state}:{gpc}:{who}:{request.path}"
