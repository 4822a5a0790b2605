"""Receipts: the record of a choice that both sides keep, signed, with no personal data in it.

A receipt is written when the answer has come back in a cookie, and not before: of visitors who block cookies the server
keeps nothing. Until then a signed token carries it from the answer to the next page.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import Error, transaction
from django.utils.crypto import salted_hmac

from consent_gate.decision.choice import Choice
from consent_gate.decision.choice_cookie import cookie_value
from consent_gate.declarations.declaration import registry
from consent_gate.declarations.purposes import Purpose
from consent_gate.models import Receipt, ShownText
from consent_gate.receipts.shown_texts import Change, canonical, change_in, digest_of, shown_text, source_facts

TOKEN_AGE = timedelta(minutes=10)
"""How long the browser may take from the answer to the next page."""

KEPT_FOR = timedelta(days=365)
"""How long a receipt is kept: a choice counts for 180 days, and half a year more leaves time to ask about it."""

FORMAT = "cookie-receipt/1"
_TOKEN_SALT = "consent.receipts.token"  # noqa: S105 -- keeps this use of the secret key apart from others
_SIGNATURE_SALT = "consent.receipts.signature"


class Place(StrEnum):
    """Where the visitor answered."""

    BANNER = "banner"
    PAGE = "page"
    GPC = "signal"  # as receipts have it that visitors took home


class Verification(StrEnum):
    """What can be said of a document that claims to be a receipt."""

    GENUINE_AND_KEPT = "genuine, and kept here too"
    GENUINE_AND_PRUNED = "genuine, and no longer kept here"
    GENUINE_BUT_DIFFERS = "genuine, but what is kept here says otherwise: somebody has changed the database"
    ALTERED = "altered: the signature does not fit what the document says"
    KEY_LOST = "signed with a key that this site no longer has: nobody can tell whether it is genuine"
    NOT_A_RECEIPT = "not a receipt of this site"

    @property
    def is_genuine(self) -> bool:
        """Whether the document says what this site has signed."""
        return self in {Verification.GENUINE_AND_KEPT, Verification.GENUINE_AND_PRUNED}


@dataclass(frozen=True)
class Proposal:
    """What a token carries. `choice` is the text of its cookie, `digest` that of what the visitor was told.

    `asked` are the purposes that were asked about: of the others the receipt says nothing.
    """

    choice: str
    asked: frozenset[Purpose]
    place: Place
    language: str
    gpc: bool
    digest: str


def propose(choice: Choice, asked: Iterable[Purpose], place: Place, language: str, *, gpc: bool) -> str:
    """Pack a receipt that is to be written by the next page into a token for an address."""
    digest = digest_of(shown_text(registry, language))
    purposes = list(asked)
    return signing.dumps(
        [cookie_value(choice), purposes, place.value, language, gpc, digest], salt=_TOKEN_SALT, compress=True
    )


def read_proposal(token: str) -> Proposal | None:
    """Unpack a token, or None for any that this site did not make, or made more than ten minutes ago."""
    try:
        choice, asked, place, language, gpc, digest = signing.loads(token, salt=_TOKEN_SALT, max_age=TOKEN_AGE)
        return Proposal(choice, frozenset(map(Purpose.named, asked)), Place(place), language, gpc, digest)
    except (signing.BadSignature, ValueError):  # no text that could be one, or from before a purpose went
        return None


def keep(token: str, choice: Choice) -> Receipt | None:
    """Write the receipt of a choice that the browser has brought back; the same one twice is the same one.

    None, and nothing is written, unless the token is genuine and made for this very choice; nor if what the visitor was
    told has changed in between, as a receipt must not claim words that nobody saw. The choice counts all the same.
    """
    proposal = read_proposal(token)
    if proposal is None or not hmac.compare_digest(proposal.choice, cookie_value(choice)):
        return None
    body = shown_text(registry, proposal.language)
    if digest_of(body) != proposal.digest:
        return None
    with transaction.atomic():
        text, _is_new = ShownText.objects.get_or_create(
            digest=proposal.digest, defaults={"language": proposal.language, "body": body}
        )
        receipt, _is_new = Receipt.objects.get_or_create(
            id=choice.receipt,
            defaults={
                "made_at": choice.made_at,
                "answers": answers_of(choice, proposal.asked),
                "fingerprints": fingerprints_in(choice, proposal.asked),
                "text": text,
                "place": proposal.place.value,
                "gpc": proposal.gpc,
            },
        )
    return receipt


def answers_of(choice: Choice, asked: Collection[Purpose]) -> dict[str, str]:
    """The answers to what was asked, as a receipt words them."""
    return {
        purpose: "yes" if answer.granted else "no" for purpose, answer in choice.answers.items() if purpose in asked
    }


def fingerprints_in(choice: Choice, asked: Collection[Purpose]) -> dict[str, str]:
    """The fingerprints of what was answered for."""
    return {purpose: answer.fingerprint for purpose, answer in choice.answers.items() if purpose in asked}


def find(choice: Choice) -> Receipt | None:
    """The receipt of the last answer in a choice, if it is still kept. A cookie that was edited by hand has none."""
    # Without its text, which is long, and which only whoever takes it home needs. There is one row at most to sort.
    for receipt in Receipt.objects.filter(id=choice.receipt).order_by():
        is_of_this_choice = receipt.answers.items() <= answers_of(choice, choice.answers.keys()).items()
        return receipt if receipt.made_at == choice.made_at and is_of_this_choice else None
    return None


def changes_since(choice: Choice, purposes: Iterable[Purpose]) -> list[Change]:
    """Say for each purpose what has changed since a choice was made. One query."""
    try:
        receipt = Receipt.objects.select_related("text").filter(id=choice.receipt).first()
    except Error:  # the question can be asked without this
        receipt = None
    told = receipt.text.body if receipt else {"fingerprints": {}}
    now = source_facts(registry)
    changes = []
    for purpose in purposes:
        answer = choice.answers.get(purpose)
        if purpose in choice.void:
            changes.append(Change(purpose, is_void=True))
        elif answer is None:
            changes.append(change_in(purpose, (), now))
        elif told["fingerprints"].get(purpose) == answer.fingerprint:
            changes.append(change_in(purpose, told["source"], now))
        else:  # the text is not kept any more, or the answer is older than the receipt
            changes.append(Change(purpose, known=False))
    return changes


def export(receipt: Receipt) -> dict[str, Any]:
    """The document that a visitor takes home: everything that is kept, the words that were shown, and a signature."""
    shown = {name: receipt.text.body[name] for name in ("language", "banner", "purposes", "declarations")}
    document = {
        "format": FORMAT,
        "id": str(receipt.id),
        "made_at": receipt.made_at.isoformat(),
        "answers": receipt.answers,
        "fingerprints": receipt.fingerprints,
        "place": receipt.place,
        "global_privacy_control": receipt.gpc,
        "shown": shown,
        "key": key_id(settings.SECRET_KEY),
    }
    return document | {"signature": signature_of(document, settings.SECRET_KEY)}


def verify(document: object) -> Verification:
    """Judge a document, whatever it is. Keys that sessions may still be signed with count here too."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        return Verification.NOT_A_RECEIPT
    keys = {key_id(key): key for key in (*settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY)}
    key = keys.get(str(document.get("key")))
    if key is None:
        return Verification.KEY_LOST
    try:
        expected = signature_of(without(document, "signature"), key)
    except RecursionError:  # nested deeper than any receipt
        return Verification.ALTERED
    if document.get("signature") != expected:  # it is no secret: whoever asks has the document
        return Verification.ALTERED
    kept = Receipt.objects.select_related("text").filter(id=UUID(str(document["id"]))).first()
    if kept is None:
        return Verification.GENUINE_AND_PRUNED
    same = without(export(kept), "key", "signature") == without(document, "key", "signature")
    return Verification.GENUINE_AND_KEPT if same else Verification.GENUINE_BUT_DIFFERS


def without(document: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A document without some of its parts."""
    return {name: value for name, value in document.items() if name not in names}


def key_id(key: str) -> str:
    """A name for a secret key, from which the key can't be worked out: tells a lost one from an altered document."""
    return hashlib.sha256(salted_hmac("consent.receipts.key", "", secret=key).digest()).hexdigest()[:12]


def signature_of(document: Mapping[str, Any], key: str) -> str:
    """HMAC-SHA256 over the canonical form of a document, in hexadecimal digits."""
    return salted_hmac(_SIGNATURE_SALT, canonical(document), secret=key, algorithm="sha256").hexdigest()
