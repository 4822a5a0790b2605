"""The decision: a pure function from plain values to one named state.

It says what may be stored for a visitor now, and what to ask them, if anything.
"""

from enum import StrEnum
from typing import NamedTuple

from consent_gate.decision.choice import Choice
from consent_gate.declarations.fingerprints import Fingerprints
from consent_gate.declarations.purposes import Purpose


class State(StrEnum):
    """Where a visitor stands."""

    UNDECIDED = "undecided"
    """Nothing was answered, or it lapsed: the banner asks."""

    REFUSED = "refused"
    """Everything was answered with no."""

    GRANTED = "granted"
    """At least one purpose was answered with yes."""

    STALE = "stale"
    """A purpose that was answered with yes has changed, or there is a new one: the banner asks about those alone."""

    SIGNALLED = "signalled"
    """The browser sends Global Privacy Control (GPC) and no choice was made here: refused without asking."""


class Decision(NamedTuple):
    """A state, what it allows, and which purposes the banner asks about."""

    state: State
    granted: frozenset[Purpose]
    """Always holds *necessary*."""
    asks_about: tuple[Purpose, ...] = ()
    changed: tuple[Purpose, ...] = ()
    """Of `asks_about`, those that had a yes for something else than is declared today."""

    @property
    def asks(self) -> bool:
        """Whether the banner has a question."""
        return bool(self.asks_about)


NOTHING_OPTIONAL = frozenset({Purpose.NECESSARY})
SIGNALLED = Decision(State.SIGNALLED, NOTHING_OPTIONAL)


def decide(choice: Choice | None, *, gpc: bool, fingerprints: Fingerprints) -> Decision:
    """Work out the decision.

    `choice` is what `choice.parse` made of the cookie, so a lapsed one has become None; `gpc` tells
    whether the request carried `Sec-GPC: 1` (w3.org/TR/gpc). A choice made here outranks it. A purpose that was
    refused is not asked about again when it changes; one that was never answered is, unless GPC answers for it.
    """
    if choice is None:
        if gpc:
            return SIGNALLED
        return Decision(State.UNDECIDED, NOTHING_OPTIONAL, asks_about=tuple(fingerprints))
    granted, changed, new = {Purpose.NECESSARY}, [], []
    for purpose, fingerprint in fingerprints.items():
        answer = choice.answers.get(purpose)
        if answer is None:
            new.append(purpose)
        elif answer.granted and answer.fingerprint == fingerprint:
            granted.add(purpose)
        elif answer.granted:
            changed.append(purpose)
    if (changed or new) and not gpc:
        asks_about = tuple(purpose for purpose in fingerprints if purpose in changed or purpose in new)
        return Decision(State.STALE, frozenset(granted), asks_about, tuple(changed))
    state = State.GRANTED if len(granted) > 1 else State.REFUSED
    return Decision(state, frozenset(granted))
