"""From the answers in a form to a choice."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import uuid4

from django.http import QueryDict

from consent_gate.decision.choice import Answer, Choice
from consent_gate.declarations.fingerprints import Fingerprints
from consent_gate.declarations.purposes import Purpose


def answers_from(form: Mapping[str, str], purposes: Iterable[Purpose]) -> dict[Purpose, bool]:
    """Read a posted form: `answer` is what the pressed button says, else there is a yes or no for each purpose.

    What was left open counts as no: only a yes is a yes (GDPR, article 4(11)).
    """
    button = form.get("answer")
    return {purpose: button == "accept" or (button == "choose" and form.get(purpose) == "yes") for purpose in purposes}


def asked_in(form: QueryDict, purposes: Collection[Purpose]) -> tuple[Purpose, ...]:
    """The purposes that the page asked about which sent a form: those in its fields `asked`, else all of them.

    What the page asked counts, and not what would be asked by now: the choice may have changed in another tab.
    """
    named = set(form.getlist("asked"))
    return tuple(purpose for purpose in purposes if purpose in named) or tuple(purposes)


def new_choice(
    answers: Mapping[Purpose, bool], previous: Choice | None, *, fingerprints: Fingerprints, now: datetime
) -> Choice:
    """Make a choice out of new answers, with a receipt's id of its own.

    What was not asked keeps its earlier answer, the fingerprint that it was given for and the time when it was: being
    asked about one purpose prolongs no answer to another.
    """
    made_at = now.replace(microsecond=0)
    kept = dict(previous.answers) if previous else {}
    given = {
        purpose: Answer(granted, fingerprints[purpose], made_at)
        for purpose, granted in answers.items()
        if purpose in fingerprints
    }
    merged = kept | given
    return Choice(
        made_at=made_at,
        receipt_hex=uuid4().hex,
        answers={purpose: merged[purpose] for purpose in fingerprints if purpose in merged},
    )
