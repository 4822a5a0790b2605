"""A visitor's choice: a yes or no for each purpose, and the text of the cookie that carries it.

The cookie is readable on purpose: whoever opens the browser's tools can see what was answered, and when. It is signed,
as other sites at the same host name can set it too: browsers share a host's cookies between its ports, and take those
of sibling subdomains (RFC 6265bis, sections 8.5 and 8.6). A yes counts only with the signature. A no counts without:
nobody gains from a forged one, and a lost key must not make the site forget a refusal.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from consent_gate.declarations.fingerprints import FINGERPRINT_LENGTH
from consent_gate.declarations.purposes import LONGEST_KEY, MOST_OPTIONAL, OPTIONAL_PURPOSES, Purpose

CHOICE_LIFETIME = timedelta(days=180)
"""How long a yes or a no is kept before the site asks again: six months, as the CNIL recommends for both."""

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of this server's clock an answer may lie and still be believed: another server may have noted it."""

SIGNATURE_LENGTH = 32
"""Hexadecimal digits, that is 128 bits."""

_TIME_FORMAT = "%Y%m%dT%H%M%SZ"
_ANSWER = rf"[a-z]{{1,{LONGEST_KEY}}}-(?:yes|no)-[0-9a-f]{{{FINGERPRINT_LENGTH}}}-[0-9]{{8}}T[0-9]{{6}}Z"
_CHOICE = re.compile(
    rf"(v2\.([0-9a-f]{{32}})\.({_ANSWER}(?:\.{_ANSWER}){{0,{MOST_OPTIONAL - 1}}}))\.([0-9a-f]{{{SIGNATURE_LENGTH}}})",
    re.ASCII,
)
_NAMES: dict[str, Purpose] = {str(purpose): purpose for purpose in OPTIONAL_PURPOSES}

_NOTHING: frozenset[Purpose] = frozenset()

Sign = Callable[[str], str]
"""Gives the signature of a text."""

IsSigned = Callable[[str, str], bool]
"""Tells whether the second text is the signature of the first."""


class Answer(NamedTuple):
    """A yes or no to one purpose, as it was declared when the visitor answered; and when that was (UTC, seconds)."""

    granted: bool
    fingerprint: str
    given_at: datetime

    @property
    def lapses_at(self) -> datetime:
        """When it counts no more, and the site asks again."""
        return self.given_at + CHOICE_LIFETIME


class Choice(NamedTuple):
    """What a visitor decided, purpose by purpose; `made_at` is when they last did.

    `receipt_hex` is the random id of the record of that last time, in 32 hexadecimal digits. `void` are the purposes
    with an answer that no longer counts: it has lapsed, or it is a yes that this site did not sign.
    """

    made_at: datetime
    receipt_hex: str
    answers: Mapping[Purpose, Answer]
    void: frozenset[Purpose] = frozenset()

    @property
    def receipt(self) -> UUID:
        """The id of the receipt. Made only when somebody looks for it: each request reads a choice."""
        return UUID(self.receipt_hex)

    @property
    def lapses_at(self) -> datetime:
        """When the site asks again, for the first time."""
        return min((answer.lapses_at for answer in self.answers.values()), default=self.made_at + CHOICE_LIFETIME)

    @property
    def forgotten_at(self) -> datetime:
        """When the browser drops the cookie, which was sent with the last answer."""
        return self.made_at + CHOICE_LIFETIME

    @property
    def granted(self) -> frozenset[Purpose]:
        """The purposes answered with yes, whatever has become of them since."""
        return frozenset(purpose for purpose, answer in self.answers.items() if answer.granted)

    @property
    def granted_last(self) -> frozenset[Purpose]:
        """The purposes that the last answer said yes to."""
        return frozenset(
            purpose for purpose, answer in self.answers.items() if answer.granted and answer.given_at == self.made_at
        )

    def without(self, purposes: Collection[Purpose]) -> "Choice | None":
        """What is left without the answers to some purposes; None for nothing."""
        left = {purpose: answer for purpose, answer in self.answers.items() if purpose not in purposes}
        return self._replace(answers=left) if left else None


def encode(choice: Choice, sign: Sign) -> str:
    """Write a choice as the value of a cookie: no character in it needs quoting (RFC 6265, section 4.1.1)."""
    answers = (
        f"{purpose}-{'yes' if answer.granted else 'no'}-{answer.fingerprint}-"
        f"{answer.given_at.astimezone(UTC).strftime(_TIME_FORMAT)}"
        for purpose, answer in choice.answers.items()
    )
    text = ".".join(("v2", choice.receipt_hex, *answers))
    return f"{text}.{sign(text)}"


def parse(text: str | None, now: datetime, is_signed: IsSigned) -> Choice | None:
    """Read a cookie back; None for anything that this site did not write, and where no answer in it counts any more.

    An answer counts for 180 days; a yes only if the signature is this site's. Answers to purposes that no longer exist
    are left out.
    """
    if not text or not (found := _CHOICE.fullmatch(text)):
        return None
    signed_text, receipt, rest, signature = found.groups()
    # Each request of a visitor who has answered pays for this: one pass, and a signature is looked at only for a yes.
    yes_counts = "-yes-" in rest and is_signed(signed_text, signature)
    earliest, latest = now - CHOICE_LIFETIME, now + CLOCK_SKEW
    answers, void, names, made_at = {}, _NOTHING, set(), earliest
    for part in rest.split("."):
        name, word, fingerprint, time = part.split("-")
        try:
            given_at = datetime.fromisoformat(time)  # the pattern has left no other format; `strptime` takes longer
        except ValueError:
            return None
        if name in names or given_at > latest:
            return None
        names.add(name)
        made_at = given_at if given_at > made_at else made_at  # noqa: FURB136 -- `max` takes twice as long
        purpose = _NAMES.get(name)
        if purpose is None:
            continue
        if given_at > earliest and (yes_counts or word == "no"):
            answers[purpose] = Answer(word == "yes", fingerprint, given_at)
        else:
            void |= {purpose}
    return Choice(made_at, receipt, answers, void) if answers else None
