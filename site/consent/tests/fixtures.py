"""What tests of every app share: a browser that has answered about cookies."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from consent.choice import Answer, Choice, encode
from consent.cookies import CHOICE
from consent.declarations import Purpose
from consent.fingerprints import current_fingerprints


@pytest.fixture
def grant() -> Callable[..., None]:
    """Give a client's browser a choice: yes to these purposes, no to the others."""

    def choose(client: Client, *purposes: Purpose) -> None:
        answers = {
            purpose: Answer(granted=purpose in purposes, fingerprint=fingerprint)
            for purpose, fingerprint in current_fingerprints().items()
        }
        made_at = datetime.now(UTC).replace(microsecond=0)
        client.cookies[CHOICE.name] = encode(Choice(made_at, uuid4(), answers))

    return choose
