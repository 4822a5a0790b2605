"""Whole pages, kept in each server process for visitors of whom nothing is known: theirs are the same for everybody.

Who has allowed nothing, and brings no cookie but perhaps that refusal, gets a page that follows from its address, the
language, the banner's question and the catalogue alone. The catalogue's version is read anew for each page, by one
query, so that a kept page is right over all processes and machines the moment that a row changes. In the process and
not in a shared cache, as a new translation or template comes with a new process; and nothing here waits for Redis.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from catalog.counts import current_catalogue
from catalog.models import Catalogue
from consent_gate.api import CHOICE, consent_of

CACHE = "template_fragments"
"""Also where Django's `{% cache %}` keeps what it renders."""

WITHOUT_STATE = frozenset({"undecided", "refused", "signalled"})
"""Of the decision's states, those in which nothing is allowed, and the banner asks everybody the same."""

CatalogueView = Callable[[HttpRequest, Catalogue], HttpResponse]


def kept_whole(view: CatalogueView) -> Callable[[HttpRequest], HttpResponse]:
    """Hand a view the catalogue, and keep its pages where they are the same for everybody."""

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        catalogue = current_catalogue()
        if not is_the_same_for_everybody(request):
            return view(request, catalogue)
        key = key_of(request, catalogue)
        content = caches[CACHE].get(key)
        if content is not None:
            return HttpResponse(content)
        response = view(request, catalogue)
        caches[CACHE].set(key, response.content)
        return response

    return wrapper


def is_the_same_for_everybody(request: HttpRequest) -> bool:
    """Whether nothing of this visitor can be on the page.

    What the gate keeps from the site is on none: an undeclared cookie may come along. Queries are left out for their
    number; and pages of development, whose templates change.
    """
    consent = consent_of(request)
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and consent.decision.state in WITHOUT_STATE
        and not consent.expiring
        and request.COOKIES.keys() <= {CHOICE.name}
        and not settings.DEBUG
    )


def key_of(request: HttpRequest, catalogue: Catalogue) -> str:
    """All that such a page depends on."""
    consent = consent_of(request)
    gpc = "gpc" if consent.gpc else ""
    return f"page:{catalogue.version}:{get_language()}:{consent.decision.state}:{gpc}:{request.path}"
