"""A debug-toolbar panel that explains what the gate did with one request."""

import time
from dataclasses import asdict
from typing import Any

from debug_toolbar.panels import Panel
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consent_gate.api import Consent, Verdict, consent_of, judge_response, registry
from privacy_dashboard.last_responses import hidden_cookies


class ConsentPanel(Panel):
    """The decision, each cookie and session key with the gate's word on it, and what was hidden on the way in."""

    title = _("Consent")
    template = "privacy_dashboard/consent_panel.html"
    is_async = True

    @property
    def nav_subtitle(self) -> str:
        stats: dict[str, Any] = self.get_stats()  # type: ignore[no-untyped-call]
        if not stats:  # pragma: no cover -- the toolbar asks also for a request that a view never answered
            return ""
        stopped = sum(not verdict["allowed"] for verdict in stats["verdicts"])
        stopped_text = ngettext("%(number)s stopped", "%(number)s stopped", stopped) % {"number": stopped}
        return f"{stats['state']}, {stopped_text}"

    def generate_stats(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Called while the response is still inside the gate, which will judge its cookies only later."""
        self.record_stats(stats_of(consent_of(request), response, time.time()))  # type: ignore[no-untyped-call]


def stats_of(consent: Consent, response: HttpResponseBase, now: float) -> dict[str, Any]:
    """All that the panel shows, as plain values that can be kept as JSON.

    The gate has judged the session keys by now. What it will say to the cookies is judged here by the same functions,
    without a trace: neither the response nor the request's consent is changed.
    """
    was_asked = consent.was_asked
    decision, choice = consent.decision, consent.choice
    consent.was_asked = was_asked  # looking is not asking: the page itself does not depend on the decision
    context = consent.context
    hidden = hidden_cookies(consent.hidden, consent.expiring)
    cookies = [judged.verdict for judged in judge_response(response, registry, context, now)]
    return {
        "state": decision.state.value,
        "granted": sorted(decision.granted),
        "asks_about": list(decision.asks_about),
        "gpc": consent.gpc,
        "first_visit": context.first_visit,
        "choice": None
        if choice is None
        else {
            "made_at": choice.made_at.isoformat(),
            "lapses_at": choice.lapses_at.isoformat(),
            "receipt": str(choice.receipt),
            "answers": {purpose: answer.granted for purpose, answer in choice.answers.items()},
        },
        "verdicts": [plain(verdict) for verdict in dict.fromkeys([*consent.verdicts, *cookies])],
        "hidden": [asdict(each) for each in hidden],
        "hidden_left_out": len(consent.hidden) - len(hidden),
    }


def plain(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain values."""
    return {
        "kind": verdict.kind,
        "name": verdict.name,
        "allowed": verdict.allowed,
        "is_defect": verdict.is_defect,
        "reason": verdict.reason.value,
        "purpose": verdict.purpose,
        "faults": list(verdict.faults),
    }
