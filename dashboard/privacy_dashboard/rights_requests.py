"""The traces of rights that visitors used: for whom one is kept, and for how long."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from consent_gate.api import Batch, GatedSession, consent_of, delete_in_batches
from privacy_dashboard.models import Right, RightsRequest

KEPT_FOR = timedelta(days=365)
"""A year, as receipts are: for so long it can be shown that, and when, a request was answered. The CNIL's guide for
developers (sheet 13) asks for the trace, and names no time."""

MOST_OF_A_DAY = 1_000
"""Of each day so many traces are kept, the first ones; nobody asks more often by hand."""


def note_rights_request(request: HttpRequest, right: Right) -> RightsRequest | None:
    """Leave a trace of a right, for a visitor whose browser keeps cookies; None for others.

    Nothing could be given back to those, and anybody could have any number of rows written by asking without a cookie.
    """
    if keeps_cookies(request):
        return RightsRequest.objects.create(right=right)
    return None


def keeps_cookies(request: HttpRequest) -> bool:
    """Whether a browser has brought back something that this site gave it: a choice, or the id of a session."""
    session = request.session
    session.is_empty()  # loads it
    brought_a_session = isinstance(session, GatedSession) and bool(session.loaded)
    return brought_a_session or consent_of(request).choice_came_back


def prune_in_batches() -> Iterator[Batch]:
    """Delete traces that are older than a year, and what is too much of one day (in UTC)."""
    yield from delete_in_batches(RightsRequest.objects.filter(at__lt=timezone.now() - KEPT_FOR), by="at")
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(KEPT_FOR.days + 1):
        since = midnight - timedelta(days=days)
        of_the_day = RightsRequest.objects.filter(at__gte=since, at__lt=since + timedelta(days=1))
        if last := of_the_day.order_by("at").values_list("at", flat=True)[MOST_OF_A_DAY - 1 : MOST_OF_A_DAY].first():
            yield from delete_in_batches(of_the_day.filter(at__gt=last), by="at")
