"""An outcome in words, together with what the next request finds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from workbench.actions import ACTIONS, Action
from workbench.inputs import Problem
from workbench.outcomes import ActionOutcome, Afterwards, afterwards
from workbench.set_cookie_lines import name_in
from workbench.snapshot import SessionSnapshot

if TYPE_CHECKING:
    from consent_gate.api import Text

AFTERWARDS: "dict[Afterwards, Text]" = {
    Afterwards.UNCHANGED: _("The action left “my_car” as it was."),
    Afterwards.KEPT: _("Kept: this request reads what the action left."),
    Afterwards.LOST: _("Lost: this request doesn't read what the action left, because nothing saved it."),
    Afterwards.REPLACED: _("Something else was saved since, perhaps in another tab."),
    Afterwards.NO_SESSION: _(
        "Nothing came back: this request brought no session. Either the session has ended, "
        "or this browser keeps no cookies."
    ),
}


@dataclass(frozen=True)
class Result:
    """What the page says about the last action."""

    action: Action
    outcome: ActionOutcome
    problem: "Text"
    words: "Text"
    afterwards: Afterwards
    afterwards_in_words: "Text"
    why_no_session_cookie: "Text"
    """Why the response set no session cookie; "" where it did."""
    id_changed: bool


def result_of(outcome: ActionOutcome, now: SessionSnapshot, *, session_cookie: str) -> Result:
    """Put an outcome into words. `session_cookie` is the cookie's name."""
    action = ACTIONS[outcome.action]
    was_saved = any(name_in(line) == session_cookie for line in outcome.set_cookies)
    became = afterwards(outcome, now.car, was_saved=was_saved, session_came=now.exists)
    return Result(
        action=action,
        outcome=outcome,
        problem=Problem(outcome.problem).sentence if outcome.problem else "",
        words=_words(action, outcome, on_the_server=now.engine.is_on_the_server),
        afterwards=became,
        afterwards_in_words=AFTERWARDS[became],
        why_no_session_cookie="" if was_saved else _why_no_session_cookie(outcome),
        id_changed=outcome.id_before != outcome.id_after and now.engine.is_on_the_server,
    )


def _words(action: Action, outcome: ActionOutcome, *, on_the_server: bool) -> "Text":
    if outcome.missing:
        return action.says_missing
    if outcome.said_no:
        return action.says_no
    return action.says if on_the_server else action.says_signed or action.says


def _why_no_session_cookie(outcome: ActionOutcome) -> "Text":
    if outcome.modified:
        return _("None for the session: there was none, and nothing was left to keep.")
    return _("None for the session: it was not changed.")
