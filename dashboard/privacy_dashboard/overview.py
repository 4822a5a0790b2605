"""What one visitor's browser and the server hold about them, gathered once for the page and the export."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from consent_gate.api import (
    CHOICE,
    CSRF,
    RECEIPTS_KEPT_FOR,
    SESSION,
    Choice,
    Decision,
    Receipt,
    StoreKind,
    consent_of,
    find_receipt,
    registry,
    store_kind,
)
from privacy_dashboard.account_rows import MOST_ROWS, AccountRecord, account_record
from privacy_dashboard.account_sessions import LiveSession, can_be_listed, sessions_seen_from
from privacy_dashboard.browser_cookies import BrowserCookie, Selection, browser_cookies, select
from privacy_dashboard.endings import WHEN_DELETED, Ending, exactly
from privacy_dashboard.lifelines import Lifeline, Side
from privacy_dashboard.models import AccountSession
from privacy_dashboard.session_contents import SessionRecord, session_record

MOST_DRAWN = 20
"""Lifelines of cookies, and of session keys, in one picture."""


@dataclass(frozen=True)
class Overview:
    """Everything on the dashboard. `choice` is what the browser's cookie says; `receipt` is what the server kept."""

    now: datetime
    decision: Decision
    choice: Choice | None
    signal: bool
    # Not in what debug-toolbar prints of a template's variables: that took twelve seconds for 128 KB of cookies.
    cookies: tuple[BrowserCookie, ...] = field(repr=False)
    engine: StoreKind
    session: SessionRecord | None
    receipt: Receipt | None
    account: AccountRecord | None
    account_sessions: tuple[LiveSession, ...]

    @property
    def number_on_server(self) -> int:
        """Things that the server keeps for this visitor: session keys, the receipt, the account and its rows."""
        in_session = len(self.session.keys) if self.session and self.session.engine.is_on_the_server else 0
        return (
            in_session
            + (self.receipt is not None)
            + (self.account.number + len(self.account_sessions) if self.account else 0)
        )

    @cached_property
    def selection(self) -> Selection:
        """The cookies that are shown one by one, and the others."""
        return select(self.cookies)

    @property
    def csrf_cookie(self) -> BrowserCookie | None:
        """The token that stands beside the session's id, and of which the server keeps nothing."""
        return next((cookie for cookie in self.cookies if cookie.name == CSRF.name), None)

    @property
    def session_began_at(self) -> datetime | None:
        """When this session began: Django keeps no note of it, but the list of an account's sessions does."""
        return next((each.began_at for each in self.account_sessions if each.is_this_one), None)

    @property
    def receipt_ends(self) -> Ending | None:
        """When the server forgets the receipt."""
        return exactly(self.receipt.made_at + RECEIPTS_KEPT_FOR) if self.receipt else None

    def lifelines(self) -> Iterator[Lifeline]:
        """The things with their ends: first what the browser holds, then what the server does."""
        for cookie in self.selection.shown[:MOST_DRAWN]:
            yield Lifeline(cookie.short_name, _("cookie"), Side.BROWSER, cookie.purpose, cookie.ends)
        if self.session:
            side = Side.SERVER if self.session.engine.is_on_the_server else Side.BROWSER
            for key in self.session.shown[:MOST_DRAWN]:
                yield Lifeline(key.name, _("key in the session"), side, key.purpose, self.session.server_ends)
        if self.receipt_ends:
            yield Lifeline(_("Receipt of your choice"), "", Side.SERVER, CHOICE.purpose, self.receipt_ends)
        if self.account:
            yield Lifeline(_("Your account"), "", Side.SERVER, None, WHEN_DELETED)

    @property
    def number_not_drawn(self) -> int:
        """Of the cookies and the session keys, those without a line of their own."""
        keys = len(self.session.keys) if self.session else 0
        return max(0, len(self.cookies) - MOST_DRAWN) + max(0, keys - MOST_DRAWN)


def overview(request: HttpRequest, *, most_rows: int | None = MOST_ROWS) -> Overview:
    """Gather everything, without changing anything. `most_rows` of an account's are read of each kind; None: all."""
    consent = consent_of(request)
    choice = consent.choice
    session = session_record(request.session, registry.session_keys)
    known = {}
    if choice:
        known[CHOICE.name] = exactly(choice.forgotten_at)
    if session:
        known[SESSION.name] = session.ends
    account = account_of(request)
    return Overview(
        now=datetime.now(UTC),
        decision=consent.decision,
        choice=choice,
        signal=consent.signal,
        cookies=browser_cookies(request.META.get("HTTP_COOKIE", ""), registry.cookies, consent.decision.granted, known),
        engine=store_kind(settings.SESSION_ENGINE),
        session=session,
        receipt=find_receipt(choice) if choice else None,
        account=account_record(account, shown_elsewhere=frozenset({AccountSession}), most=most_rows)
        if account
        else None,
        account_sessions=sessions_seen_from(request.session, account) if account and can_be_listed() else (),
    )


def account_of(request: HttpRequest) -> AbstractBaseUser | None:
    """The account that the visitor is signed in to."""
    account = request.user
    return account if isinstance(account, AbstractBaseUser) else None
