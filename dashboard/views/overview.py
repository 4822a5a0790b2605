"""The dashboard's first page: what is kept, on both sides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consent.cookies import SESSION
from consent.declarations import Purpose
from dashboard.lifelines import draw
from dashboard.outcomes import done_in, trace_in
from dashboard.overview import overview


class Kept(Protocol):
    """A cookie or a session key."""

    @property
    def purpose(self) -> Purpose | None: ...


AnyKept = TypeVar("AnyKept", bound=Kept)


@dataclass(frozen=True)
class Group:
    """What is kept for one purpose; None: for none that was declared."""

    purpose: Purpose | None
    kept: tuple[Any, ...]


def grouped(kept: Iterable[AnyKept]) -> list[Group]:
    """By purpose, in the order of the purposes; what nobody declared comes last."""
    everything = list(kept)
    purposes: list[Purpose | None] = [*Purpose, None]
    groups = [Group(purpose, tuple(each for each in everything if each.purpose is purpose)) for purpose in purposes]
    return [group for group in groups if group.kept]


@never_cache
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show a visitor everything. `?reveal=` names the one secret that they ask to see in full."""
    seen = overview(request)
    return render(
        request,
        "dashboard/privacy.html",
        {
            "overview": seen,
            "state": seen.decision.state.value,
            "picture": draw(seen.lifelines(), seen.now),
            "cookie_groups": grouped(seen.cookies),
            "key_groups": grouped(seen.session.keys) if seen.session else [],
            "done": done_in(request),
            "trace": trace_in(request),
            "session_cookie": SESSION.name,
            "reveal": request.GET.get("reveal", ""),
        },
    )
