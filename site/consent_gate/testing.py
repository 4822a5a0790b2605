"""For the tests of a project that uses the gate: a browser that has answered about cookies.

    from consent_gate.testing import give_choice

    def test_the_second_visit_is_counted(client):
        give_choice(client, Purpose.STATISTICS)
        …

The answers are signed as the site signs them, so the gate takes them for real.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.test import Client

from consent_gate.cookies import CHOICE
from consent_gate.decision.choice import Answer, Choice
from consent_gate.decision.choice_cookie import cookie_value
from consent_gate.declarations.fingerprints import current_fingerprints
from consent_gate.declarations.purposes import Purpose

STALE_FOR = timedelta(days=100)
"""How old a stale answer is: older than any that a test gives itself, and young enough to count."""


def give_choice(client: Client, *granted: Purpose) -> None:
    """Give a client's browser a choice that was made just now: yes to these purposes, no to all others."""
    made_at = datetime.now(UTC).replace(microsecond=0)
    answers = {
        purpose: Answer(purpose in granted, fingerprint, made_at)
        for purpose, fingerprint in current_fingerprints().items()
    }
    client.cookies[CHOICE.name] = cookie_value(Choice(made_at, uuid4().hex, answers))


def give_stale_choice(client: Client, stale: Purpose, *granted: Purpose) -> None:
    """Give a client's browser an old choice: yes to `granted`, and yes to what `stale` stood for then."""
    made_at = datetime.now(UTC).replace(microsecond=0) - STALE_FOR
    answers = {
        purpose: Answer(purpose in {stale, *granted}, "0" * 12 if purpose == stale else fingerprint, made_at)
        for purpose, fingerprint in current_fingerprints().items()
    }
    client.cookies[CHOICE.name] = cookie_value(Choice(made_at, uuid4().hex, answers))
