"""What the banner says on one page: a question, a confirmation, or nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, unquote

from django.core import signing
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse

from consent_gate.conf import configuration
from consent_gate.decision.choice import CLOCK_SKEW
from consent_gate.decision.decision import State
from consent_gate.declarations.purposes import Purpose
from consent_gate.gate.consent import Consent, consent_of
from consent_gate.pages.addresses import can_be_opened_again
from consent_gate.receipts.receipts import changes_since
from consent_gate.receipts.shown_texts import Change

OUTCOME = "cookie-choice"
"""The query parameter by which a page knows that its visitor has just answered."""

SHOWN_FOR = timedelta(minutes=1) + CLOCK_SKEW
"""How long an address says what became of an answer: nobody else is to be told of it by a link. Another server with a
clock of its own may have written it."""

_SIGNER = signing.TimestampSigner(salt="consent.banner")


class AnswerOutcome(StrEnum):
    """What became of an answer that was just given."""

    KEPT = "kept"
    KEPT_WITHOUT_RECEIPT = "kept-without-receipt"
    LOST = "lost"


@dataclass(frozen=True)
class Banner:
    """What a template needs to show it. Without `asks_about` and `outcome` there is nothing to show."""

    next_page: str
    asks_about: tuple[Purpose, ...] = ()
    changes: tuple[Change, ...] = ()
    is_stale: bool = False
    outcome: AnswerOutcome | None = None
    granted: tuple[Purpose, ...] = ()
    refused: tuple[Purpose, ...] = ()
    lapses_at: datetime | None = None

    @property
    def help_address(self) -> str:
        """Where a visitor is helped whose browser keeps no cookies, or ""."""
        url = configuration().help_url
        return resolve_url(url) if url else ""


def banner_for(request: HttpRequest) -> Banner:
    """The banner of the page that a request asks for."""
    asked_for = request.get_full_path() if can_be_opened_again(request) else reverse("consent:cookies")
    next_page = without_outcome(asked_for)
    # Not from request.GET: that raises an error for a hostile query, on the very page that says so.
    outcome = outcome_in(request.META.get("QUERY_STRING", ""))
    if outcome and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        outcome = None  # a link that somebody was sent: they have answered nothing
    if outcome is None and request.path == reverse("consent:cookies"):
        return Banner(next_page)  # the page itself asks, more fully
    return banner(consent_of(request), outcome, next_page)


def banner(consent: Consent, outcome: AnswerOutcome | None, next_page: str) -> Banner:
    """The banner for a visitor. An address may claim anything; whoever made no choice can't have kept one."""
    decision = consent.decision
    choice = consent.choice
    if outcome in {AnswerOutcome.KEPT, AnswerOutcome.KEPT_WITHOUT_RECEIPT} and choice and not decision.asks:
        return Banner(
            next_page,
            outcome=outcome,
            granted=tuple(purpose for purpose in consent.fingerprints if purpose in decision.granted),
            refused=tuple(purpose for purpose in consent.fingerprints if purpose not in decision.granted),
            lapses_at=choice.lapses_at,
        )
    if outcome is AnswerOutcome.LOST and not choice:
        return Banner(next_page, outcome=AnswerOutcome.LOST)
    if decision.state is State.STALE and choice:
        changes = tuple(changes_since(choice, decision.asks_about))
        return Banner(next_page, decision.asks_about, changes, is_stale=True)
    return Banner(next_page, decision.asks_about)


def outcome_in(query: str) -> AnswerOutcome | None:
    """The outcome that an address's query speaks of, if this site has written it within the last minute."""
    values = [value for name, _equals, value in (part.partition("=") for part in query.split("&")) if name == OUTCOME]
    if len(values) != 1:
        return None
    try:
        return AnswerOutcome(_SIGNER.unsign(unquote(values[0]), max_age=SHOWN_FOR))
    except (signing.BadSignature, ValueError):
        return None


def without_outcome(address: str) -> str:
    """An address of this site without the outcome in its query; the rest stays as it was written."""
    page, _question_mark, query = address.partition("#")[0].partition("?")
    rest = "&".join(part for part in query.split("&") if part.partition("=")[0] != OUTCOME)
    return f"{page}?{rest}" if rest else page


def with_outcome(address: str, outcome: AnswerOutcome) -> str:
    """An address of this site that shows the outcome, and takes keyboards and screen readers to it."""
    page = without_outcome(address)
    signed = quote(_SIGNER.sign(outcome.value))
    return f"{page}{'&' if '?' in page else '?'}{OUTCOME}={signed}#cookie-outcome"
