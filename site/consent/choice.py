"""A visitor's choice: a yes or no for each purpose, and the text of the cookie that carries it.

The cookie is readable on purpose: whoever opens the browser's tools can see what was answered. It is not signed: a
forged one gives away nothing but the forger's own answer, and a lost key must not make the site forget a refusal.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from consent.declarations import OPTIONAL_PURPOSES, Purpose
from consent.fingerprints import FINGERPRINT_LENGTH

CHOICE_LIFETIME = timedelta(days=180)
"""How long a yes or a no is kept before the site asks again: six months, as the CNIL recommends for both."""

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of this server's clock a choice may lie and still be believed: another server may have noted it."""

_TIME_FORMAT = "%Y%m%dT%H%M%SZ"
_CHOICE = re.compile(
    r"v1\.([0-9]{8}T[0-9]{6}Z)\.([0-9a-f]{32})"
    rf"((?:\.[a-z]{{1,20}}-(?:yes|no)-[0-9a-f]{{{FINGERPRINT_LENGTH}}}){{1,8}})",
    re.ASCII,
)
_NAMES: dict[str, Purpose] = {purpose.value: purpose for purpose in OPTIONAL_PURPOSES}


class Answer(NamedTuple):
    """A yes or no to one purpose, as it was declared when the visitor answered."""

    granted: bool
    fingerprint: str


class Choice(NamedTuple):
    """What a visitor decided, and when (UTC, whole seconds). `receipt` is the random id of the record of it."""

    made_at: datetime
    receipt: UUID
    answers: Mapping[Purpose, Answer]

    @property
    def lapses_at(self) -> datetime:
        """When the site asks again."""
        return self.made_at + CHOICE_LIFETIME

    @property
    def granted(self) -> frozenset[Purpose]:
        """The purposes answered with yes, whatever has become of them since."""
        return frozenset(purpose for purpose, answer in self.answers.items() if answer.granted)


def encode(choice: Choice) -> str:
    """Write a choice as the value of a cookie: no character in it needs quoting (RFC 6265, section 4.1.1)."""
    answers = (
        f"{purpose.value}-{'yes' if answer.granted else 'no'}-{answer.fingerprint}"
        for purpose, answer in choice.answers.items()
    )
    return ".".join(("v1", choice.made_at.astimezone(UTC).strftime(_TIME_FORMAT), choice.receipt.hex, *answers))


def parse(text: str | None, now: datetime) -> Choice | None:
    """Read a cookie back, or None for anything that this site did not write, or wrote more than 180 days ago.

    Answers to purposes that no longer exist are left out.
    """
    if not text or not (found := _CHOICE.fullmatch(text)):
        return None
    time, receipt, rest = found.groups()
    try:
        # The pattern has left no other format; `strptime` costs six times as much.
        made_at = datetime.fromisoformat(time)
    except ValueError:
        return None
    if not now - CHOICE_LIFETIME < made_at <= now + CLOCK_SKEW:
        return None
    parts = [part.split("-") for part in rest[1:].split(".")]
    if len({part[0] for part in parts}) < len(parts):
        return None
    answers = {
        _NAMES[name]: Answer(granted=answer == "yes", fingerprint=fingerprint)
        for name, answer, fingerprint in parts
        if name in _NAMES
    }
    return Choice(made_at, UUID(receipt), answers)
