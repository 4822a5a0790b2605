"""What came of an action, and how it gets to the page that shows it.

It travels in the address, signed and for a minute: remembered in the session it would mark the session as changed, and
spoil what is shown.
"""

import hmac
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from consent_gate.api import shortened
from workbench.actions import ACTIONS, Action
from workbench.inputs import ActionInput, Problem

LIFETIME = 60 + 300
"""Seconds that a result can be shown: a minute, and five more for the clock of another server that wrote it."""

LONGEST_VALUE = 600
"""Characters shown of a value: servers take addresses of some 4000 characters, and all of it goes there."""

SALT = "workbench.outcome"


@dataclass(frozen=True, kw_only=True)
class ActionOutcome:
    """What one action did. Values are as Python writes them, secrets shortened; "" where there is none."""

    action: str
    line: str = ""
    problem: str = ""
    """A `Problem`: then nothing ran."""
    value: str = ""
    said_no: bool = False
    missing: str = ""
    """The key that Python missed."""
    modified: bool = False
    """`session.modified` right after the line."""
    car_before: str = ""
    car_after: str = ""
    id_before: str = ""
    id_after: str = ""
    set_cookies: tuple[str, ...] = ()
    """The `Set-Cookie` lines of the response, as they left."""
    set_cookies_left_out: int = 0
    owner: str = ""
    """A mark of the session that the response left; "" for none."""


class Afterwards(StrEnum):
    """What became of `my_car` by the next request."""

    UNCHANGED = "unchanged"
    KEPT = "kept"
    LOST = "lost"
    REPLACED = "replaced"
    NO_SESSION = "no-session"


def perform(action: Action, given: ActionInput, request: HttpRequest) -> ActionOutcome:
    """Run an action. Its `Set-Cookie` lines, and the id that it leaves, are known only when the response leaves."""
    session = request.session
    car_before = as_python(session.get("my_car"))
    id_before = shortened(session.session_key)  # after the first reading, which finds out whether the id is good
    value, missing = None, ""
    try:
        value = action.run(request, given)
    except KeyError as error:
        missing = str(error.args[0])
    modified = session.modified
    return ActionOutcome(
        action=action.name,
        line=action.line_with(given),
        value=as_python(value),
        said_no=value is False,
        missing=missing,
        modified=modified,
        car_before=car_before,
        car_after=as_python(session.get("my_car")),
        id_before=id_before,
    )


def afterwards(outcome: ActionOutcome, car_now: str, *, was_saved: bool, session_came: bool) -> Afterwards:
    """Judge what became of `my_car`, from what a request after the action reads."""
    if car_now != outcome.car_after and not session_came:
        return Afterwards.NO_SESSION
    if outcome.car_after == outcome.car_before:
        return Afterwards.UNCHANGED
    if car_now == outcome.car_after:
        return Afterwards.KEPT
    return Afterwards.REPLACED if was_saved else Afterwards.LOST


def as_python(value: object) -> str:
    """A value as Python writes it, cut where it is long; "" for None. A moment is written as `str` does."""
    if value is None:
        return ""
    text = str(value) if isinstance(value, datetime) else repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def owner_of(session: SessionBase) -> str:
    """A mark of a session that tells nobody its id."""
    if not session.session_key:
        return ""
    return salted_hmac(SALT, session.session_key, algorithm="sha256").hexdigest()[:16]


def seal(outcome: ActionOutcome) -> str:
    """An outcome as one signed word that can stand in an address."""
    return signing.dumps(asdict(outcome), salt=SALT, compress=True)


def unseal(text: str, session: SessionBase) -> ActionOutcome | None:
    """The outcome that this site sealed within the last minute, unless it is that of somebody else's session.

    Without a session there is nothing to compare: it has just ended, or the browser keeps no cookies.
    """
    try:
        plain = signing.loads(text, salt=SALT, max_age=LIFETIME)
        outcome = ActionOutcome(**plain | {"set_cookies": tuple(plain["set_cookies"])})
    except (signing.BadSignature, TypeError, KeyError):
        return None
    if outcome.action not in ACTIONS or outcome.problem not in {"", *Problem}:
        return None
    reader = owner_of(session)
    return outcome if not reader or hmac.compare_digest(reader, outcome.owner) else None
