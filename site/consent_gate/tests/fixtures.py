"""What tests of every app share: a browser that has answered about cookies."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from consent_gate.cookies import CHOICE
from consent_gate.decision.choice import Answer, Choice
from consent_gate.decision.choice_cookie import cookie_value
from consent_gate.declarations.fingerprints import current_fingerprints
from consent_gate.declarations.purposes import Purpose

EACH_ENGINE = pytest.mark.parametrize("engine", ["db", "cached_db", "cache", "file", "signed_cookies"], indirect=True)
"""Runs a test in each of Django's session stores; it needs `engine` among its fixtures."""

MADE_LONG_AGO = timedelta(days=100)
"""Older than any answer that a test gives itself, and young enough to count."""


def with_stale_answer(client: Client, stale: Purpose, *purposes: Purpose) -> None:
    """Give a client's browser an old choice: yes to `purposes`, no to the others, and yes to what `stale` was once."""
    made_at = datetime.now(UTC).replace(microsecond=0) - MADE_LONG_AGO
    answers = {
        purpose: Answer(purpose in {stale, *purposes}, "0" * 12 if purpose == stale else fingerprint, made_at)
        for purpose, fingerprint in current_fingerprints().items()
    }
    client.cookies[CHOICE.name] = cookie_value(Choice(made_at, uuid4().hex, answers))


@pytest.fixture
def grant() -> Callable[..., None]:
    """Give a client's browser a choice: yes to these purposes, no to the others."""

    def choose(client: Client, *purposes: Purpose) -> None:
        made_at = datetime.now(UTC).replace(microsecond=0)
        answers = {
            purpose: Answer(purpose in purposes, fingerprint, made_at)
            for purpose, fingerprint in current_fingerprints().items()
        }
        client.cookies[CHOICE.name] = cookie_value(Choice(made_at, uuid4().hex, answers))

    return choose


@pytest.fixture
def engine(request: pytest.FixtureRequest, settings: Settings) -> str:
    """The session store in use, by the last part of its module's name: Django's default, or the test's parameter."""
    name: str = getattr(request, "param", "db")
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{name}"
    settings.SESSION_FILE_PATH.mkdir(exist_ok=True)
    return name
