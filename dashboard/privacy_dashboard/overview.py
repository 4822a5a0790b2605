"""What one visitor's browser and the server hold about them, gathered once for the page and the export."""

from collections import Counter
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
    PURPOSES,
    RECEIPTS_KEPT_FOR,
    SESSION,
    Choice,
    Decision,
    Purpose,
    Receipt,
    StoreKind,
    consent_of,
    find_receipt,
    registry,
    store_kind,
)
from privacy_dashboard.browser_cookies import BrowserCookie, CookieState, Selection, browser_cookies, select
from privacy_dashboard.expiries import WHEN_DELETED, Expiry, exactly
from privacy_dashboard.holdings import Group, Holding, Kind, Side, grouped
from privacy_dashboard.models import UserSession
from privacy_dashboard.session_contents import SessionKey, SessionRecord, session_record
from privacy_dashboard.user_rows import MOST_ROWS, UserRecord, user_record
from privacy_dashboard.user_sessions import LiveSession, can_be_listed, sessions_seen_from

MOST_DRAWN = 20
"""Lifelines of each kind in one picture."""


@dataclass(frozen=True)
class Overview:
    """Everything on the dashboard. `choice` is what the browser's cookie says; `receipt` is what the server kept.

    `offered` are the purposes that a visitor is asked about, and `gpc` says whether the request carried `Sec-GPC: 1`.
    """

    now: datetime
    decision: Decision
    offered: tuple[Purpose, ...]
    choice: Choice | None
    gpc: bool
    # Not in what debug-toolbar prints of a template's variables: that took twelve seconds for 128 KB of cookies.
    cookies: tuple[BrowserCookie, ...] = field(repr=False)
    engine: StoreKind
    session: SessionRecord | None
    receipt: Receipt | None
    user: UserRecord | None
    user_sessions: tuple[LiveSession, ...]

    @property
    def allowed(self) -> tuple[Purpose, ...]:
        """Of the purposes on offer, those with a yes that counts."""
        return tuple(purpose for purpose in self.offered if purpose in self.decision.granted)

    @property
    def number_on_server(self) -> int:
        """Things that the server keeps for this visitor: session keys, the receipt, the user and its rows."""
        in_session = len(self.session.keys) if self.session and self.session.engine.is_on_the_server else 0
        return (
            in_session + (self.receipt is not None) + (self.user.number + len(self.user_sessions) if self.user else 0)
        )

    @property
    def number_undeclared(self) -> int:
        """Cookies that nobody declared."""
        return self._number_of(CookieState.UNDECLARED)

    @property
    def number_not_consented(self) -> int:
        """Cookies that this page's response deletes, as their purpose is not allowed."""
        return self._number_of(CookieState.NOT_CONSENTED)

    def _number_of(self, state: CookieState) -> int:
        return sum(cookie.state is state for cookie in self.cookies)

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
        """When this session began: Django keeps no note of it, but the list of a user's sessions does."""
        return next((each.began_at for each in self.user_sessions if each.is_this_one), None)

    @cached_property
    def holdings(self) -> tuple[Holding, ...]:
        """What is shown one by one: first what the browser holds, then what the server does."""
        return tuple(self._holdings())

    def _holdings(self) -> Iterator[Holding]:
        for cookie in self.selection.shown:
            yield _of_cookie(cookie)
        if self.session:
            side = Side.SERVER if self.session.engine.is_on_the_server else Side.BROWSER
            for key in self.session.shown:
                yield _of_key(key, side, self.session.server_ends)
        if self.receipt:
            ends = exactly(self.receipt.made_at + RECEIPTS_KEPT_FOR)
            name = _("Receipt of your choice")
            yield Holding(Kind.RECEIPT, Side.SERVER, name, CHOICE.purpose, RECEIPT_REASON, ends, self.receipt)
        if self.user:
            yield Holding(Kind.USER, Side.SERVER, self.user.name, None, USER_REASON, WHEN_DELETED, self.user)

    @property
    def groups(self) -> list[Group]:
        """The same by purpose, with the numbers of what is not shown."""
        keys = self.session.keys if self.session else ()
        numbers = Counter((Kind.COOKIE, cookie.purpose) for cookie in self.cookies)
        numbers.update((Kind.KEY, key.purpose) for key in keys)
        return grouped(self.holdings, numbers, PURPOSES)

    @property
    def drawn(self) -> Iterator[Holding]:
        """What has a lifeline of its own."""
        number: Counter[Kind] = Counter()
        for holding in self.holdings:
            number[holding.kind] += 1
            if number[holding.kind] <= MOST_DRAWN:
                yield holding

    @property
    def number_not_drawn(self) -> int:
        """Of the cookies and the session keys, those without a line of their own."""
        keys = len(self.session.keys) if self.session else 0
        return max(0, len(self.cookies) - MOST_DRAWN) + max(0, keys - MOST_DRAWN)


UNDECLARED_COOKIE = _(
    "No part of this site declared it. Another site at the same host name may have set it, or you did. This site does "
    "not read it."
)
UNDECLARED_KEY = _("No part of this site declared it.")
RECEIPT_REASON = _(
    "What you answered, when, and the words that you were shown. No name, no address: it can be found by the random "
    "number in your browser alone."
)
USER_REASON = _("The name that you sign in with, and all that belongs to it.")


def _of_cookie(cookie: BrowserCookie) -> Holding:
    reason = cookie.declaration.reason if cookie.declaration else UNDECLARED_COOKIE
    return Holding(
        Kind.COOKIE, Side.BROWSER, cookie.short_name, cookie.purpose, reason, cookie.ends, cookie, cookie.state
    )


def _of_key(key: SessionKey, side: Side, ends: Expiry) -> Holding:
    reason = key.declaration.reason if key.declaration else UNDECLARED_KEY
    state = CookieState.IN_ORDER if key.declaration else CookieState.UNDECLARED
    return Holding(Kind.KEY, side, key.name, key.purpose, reason, ends, key, state)


def overview(request: HttpRequest, *, most_rows: int | None = MOST_ROWS) -> Overview:
    """Gather everything, without changing anything. `most_rows` of a user's are read of each kind; None: all."""
    consent = consent_of(request)
    choice = consent.choice
    session = session_record(request.session, registry.session_keys)
    known = {}
    if choice:
        known[CHOICE.name] = exactly(choice.forgotten_at)
    if session:
        known[SESSION.name] = session.ends
    user = user_of(request)
    return Overview(
        now=datetime.now(UTC),
        decision=consent.decision,
        offered=tuple(consent.fingerprints),
        choice=choice,
        gpc=consent.gpc,
        cookies=browser_cookies(request.META.get("HTTP_COOKIE", ""), registry.cookies, consent.decision.granted, known),
        engine=store_kind(settings.SESSION_ENGINE),
        session=session,
        receipt=find_receipt(choice) if choice else None,
        user=user_record(user, shown_elsewhere=frozenset({UserSession}), most=most_rows) if user else None,
        user_sessions=sessions_seen_from(request.session, user) if user and can_be_listed() else (),
    )


def user_of(request: HttpRequest) -> AbstractBaseUser | None:
    """The user that the visitor is signed in as."""
    user = getattr(request, "user", None)
    return user if isinstance(user, AbstractBaseUser) else None
