"""The session workbench: a page, and the address that its buttons send to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consent_gate.api import SESSION, registry, set_cookie_lines, shortened
from workbench.actions import ACTIONS, GROUPS
from workbench.inputs import LONGEST_MAKER, ActionInput, Problem, days, read_input
from workbench.outcomes import ActionOutcome, owner_of, perform, seal, unseal
from workbench.result import result_of
from workbench.set_cookie_lines import with_lines
from workbench.snapshot import snapshot_of

LONGEST_SESSION = SESSION.lifetime or timedelta(seconds=settings.SESSION_COOKIE_AGE)
"""What visitors are told about the session's cookie."""


@never_cache
@require_safe
def workbench(request: HttpRequest) -> HttpResponse:
    """Show the session, what can be done to it, and what came of the last action. Changes nothing."""
    now = snapshot_of(request.session, engine=settings.SESSION_ENGINE, registry=registry)
    outcome = unseal(request.GET.get("result", ""), request.session)
    first_day, last_day = days(datetime.now(UTC), LONGEST_SESSION)
    return render(
        request,
        "workbench/workbench.html",
        {
            "groups": GROUPS,
            "now": now,
            "result": result_of(outcome, now, session_cookie=settings.SESSION_COOKIE_NAME) if outcome else None,
            "save_every_request": settings.SESSION_SAVE_EVERY_REQUEST,
            "maker": ActionInput().maker,
            "longest_maker": LONGEST_MAKER,
            "first_day": first_day,
            "last_day": last_day,
        },
    )


@never_cache
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Do one action, and go back to the page with what came of it. Nothing but the action touches the session."""
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        raise BadRequest("There is no such action.")
    given = read_input(request.POST, action.field, now=datetime.now(UTC), longest=LONGEST_SESSION)
    outcome = (
        ActionOutcome(action=action.name, problem=given.value)
        if isinstance(given, Problem)
        else perform(action, given, request)
    )
    return ResultRedirect(outcome)


class ResultRedirect(HttpResponseRedirect):
    """To the page that says what came of an action; `address_result` completes it."""

    def __init__(self, outcome: ActionOutcome) -> None:
        super().__init__(reverse("workbench:page"))
        self.outcome = outcome


def address_result(*, request: HttpRequest, response: ResultRedirect, **_rest: Any) -> None:
    """Receive `response_released`: only now its cookies are known, and whether the session has an id."""
    session = request.session
    complete = replace(
        with_lines(response.outcome, set_cookie_lines(response), registry),
        id_after=shortened(session.session_key),
        owner=owner_of(session),
    )
    response["Location"] = f"{response['Location']}?{urlencode({'result': seal(complete)})}#result"
