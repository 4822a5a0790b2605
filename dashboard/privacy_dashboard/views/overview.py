"""The dashboard's first page: what is kept, on both sides."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consent_gate.api import PURPOSES, SESSION, Purpose
from privacy_dashboard.lifelines import draw
from privacy_dashboard.outcomes import outcome_in
from privacy_dashboard.overview import overview


class Kept(Protocol):
    """A cookie or a session key."""

    @property
    def purpose(self) -> Purpose | None: ...


AnyKept = TypeVar("AnyKept", bound=Kept)


@dataclass(frozen=True)
class Group:
    """What is kept for one purpose; None: for none that was declared. `left_out` more are not shown."""

    purpose: Purpose | None
    kept: tuple[Any, ...]
    left_out: int


def grouped(kept: Sequence[AnyKept], everything: Iterable[AnyKept]) -> list[Group]:
    """By purpose, in the order of the purposes; what nobody declared comes last. `kept` is what is shown of all."""
    numbers = Counter(each.purpose for each in everything)
    purposes: list[Purpose | None] = [*PURPOSES, None]
    shown = {purpose: tuple(each for each in kept if each.purpose == purpose) for purpose in purposes}
    return [
        Group(purpose, shown[purpose], numbers[purpose] - len(shown[purpose]))
        for purpose in purposes
        if numbers[purpose]
    ]


@never_cache
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show a visitor everything. `?reveal=` names the one secret that they ask to see in full."""
    seen = overview(request)
    return render(
        request,
        "privacy_dashboard/privacy.html",
        {
            "overview": seen,
            "state": seen.decision.state.value,
            "picture": draw(seen.lifelines(), seen.now),
            "cookie_groups": grouped(seen.selection.shown, seen.cookies),
            "key_groups": grouped(seen.session.shown, seen.session.keys) if seen.session else [],
            "outcome": outcome_in(request),
            "session_cookie": SESSION.name,
            "reveal": request.GET.get("reveal", ""),
        },
    )
