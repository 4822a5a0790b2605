"""What others may import of this app: its declarations, `request.consent`, the gate's words, erasing, receipts.

Beside this there are the names that a project's settings, addresses and templates mention: `consent_gate.middleware`,
`consent_gate.context_processors`, `consent_gate.urls` and the template tags.
"""

from typing import TYPE_CHECKING

from consent_gate.cookies import CHOICE, CSRF, LANGUAGE, SESSION
from consent_gate.decision.choice import Answer, Choice
from consent_gate.decision.choice_cookie import choice_in, cookie_value
from consent_gate.decision.decision import Decision
from consent_gate.declarations.declaration import (
    AnyDeclaration,
    CookieDeclaration,
    Declaration,
    Declarations,
    Registry,
    SessionKeyDeclaration,
    declare,
    registry,
)
from consent_gate.declarations.description import described
from consent_gate.declarations.fingerprints import current_fingerprints, fingerprint_of
from consent_gate.declarations.lifetimes import duration
from consent_gate.declarations.masking import LONGEST_NAME, cut, in_short, is_secret, masked_line, shortened
from consent_gate.declarations.purposes import OPTIONAL_PURPOSES, PURPOSES, Purpose
from consent_gate.gate.consent import Consent, consent_of
from consent_gate.gate.erasure import (
    clear_browser_and_session,
    delete_cookies,
    end_session,
    erase_session_keys,
    names_sent,
)
from consent_gate.gate.expiry import can_be_named, deletion, expire
from consent_gate.gate.judgement import Verdict
from consent_gate.gate.responses import judge_response, set_cookie_lines
from consent_gate.gate.session_stores import StoreKind, store_kind
from consent_gate.gate.sessions import GatedSession, gated
from consent_gate.headers.sent_cookies import SentCookie, sent_cookies
from consent_gate.housekeeping.batches import Batch, delete_in_batches
from consent_gate.housekeeping.command import HousekeepingCommand
from consent_gate.housekeeping.progress import run as run_batches
from consent_gate.models import Receipt
from consent_gate.pages.addresses import own_page
from consent_gate.pages.outlines import DrawOutline, joined, outlines
from consent_gate.receipts.receipts import KEPT_FOR as RECEIPTS_KEPT_FOR
from consent_gate.receipts.receipts import Place
from consent_gate.receipts.receipts import export as export_receipt
from consent_gate.receipts.receipts import find as find_receipt
from consent_gate.signals import response_released, session_settled

if TYPE_CHECKING:
    from consent_gate.declarations.purposes import Text

__all__ = [
    "CHOICE",
    "CSRF",
    "LANGUAGE",
    "LONGEST_NAME",
    "OPTIONAL_PURPOSES",
    "PURPOSES",
    "RECEIPTS_KEPT_FOR",
    "SESSION",
    "Answer",
    "AnyDeclaration",
    "Batch",
    "Choice",
    "Consent",
    "CookieDeclaration",
    "Decision",
    "Declaration",
    "Declarations",
    "DrawOutline",
    "GatedSession",
    "HousekeepingCommand",
    "Place",
    "Purpose",
    "Receipt",
    "Registry",
    "SentCookie",
    "SessionKeyDeclaration",
    "StoreKind",
    "Text",
    "Verdict",
    "can_be_named",
    "choice_in",
    "clear_browser_and_session",
    "consent_of",
    "cookie_value",
    "current_fingerprints",
    "cut",
    "declare",
    "delete_cookies",
    "delete_in_batches",
    "deletion",
    "described",
    "duration",
    "end_session",
    "erase_session_keys",
    "expire",
    "export_receipt",
    "find_receipt",
    "fingerprint_of",
    "gated",
    "in_short",
    "is_secret",
    "joined",
    "judge_response",
    "masked_line",
    "names_sent",
    "outlines",
    "own_page",
    "registry",
    "response_released",
    "run_batches",
    "sent_cookies",
    "session_settled",
    "set_cookie_lines",
    "shortened",
    "store_kind",
]
