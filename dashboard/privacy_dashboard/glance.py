"""The page's beginning as HTML: what is held on both sides, and what to do about all of it."""

from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import ngettext

from consent_gate.api import Purpose
from privacy_dashboard.page import DashboardPage
from privacy_dashboard.quantities import in_sentence


class GlanceShape(NamedTuple):
    """What decides how it looks. `purposes` are those that a visitor is asked about again, else those they allow."""

    state: str
    purposes: tuple[Purpose, ...]
    allows_everything: bool
    has_chosen: bool
    has_cookies: bool
    has_things_on_server: bool
    has_undeclared: bool
    has_not_consented: bool
    has_session: bool
    is_corrupt: bool
    is_signed_in: bool


def glance(page: DashboardPage) -> SafeString:
    """The page's beginning."""
    overview = page.overview
    choice, session, user = overview.choice, overview.session, overview.user
    cookies, on_server = len(overview.cookies), overview.number_on_server
    undeclared, not_consented = overview.number_undeclared, overview.number_not_consented
    state = overview.decision.state.value
    shape = GlanceShape(
        state,
        purposes=overview.decision.asks_about if state == "stale" else overview.allowed,
        allows_everything=overview.allowed == overview.offered,
        has_chosen=choice is not None,
        has_cookies=cookies > 0,
        has_things_on_server=on_server > 0,
        has_undeclared=undeclared > 0,
        has_not_consented=not_consented > 0,
        has_session=session is not None,
        is_corrupt=session is not None and session.stored.is_corrupt,
        is_signed_in=user is not None,
    )
    return page.outline("privacy_dashboard/_glance.html", shape).filled(
        cookies=_cookies(cookies),
        on_server=_on_server(on_server),
        undeclared=_undeclared(undeclared) if undeclared else "",
        not_consented=_not_consented(not_consented) if not_consented else "",
        day=date_format(localtime(choice.lapses_at), "DATE_FORMAT") if choice else "",
        session_ends=page.in_words(session.ends) if session else "",
        user=user.name if user else "",
    )


def _cookies(number: int) -> str:
    sentence = ngettext(
        "Your browser holds %(number)s cookie for this site.",
        "Your browser holds %(number)s cookies for this site.",
        number,
    )
    return in_sentence(sentence, number)


def _on_server(number: int) -> str:
    sentence = ngettext(
        "The server keeps %(number)s thing for you.", "The server keeps %(number)s things for you.", number
    )
    return in_sentence(sentence, number)


def _undeclared(number: int) -> str:
    sentence = ngettext(
        "%(number)s cookie was declared by nobody.", "%(number)s cookies were declared by nobody.", number
    )
    return in_sentence(sentence, number)


def _not_consented(number: int) -> str:
    sentence = ngettext(
        "%(number)s cookie is being deleted, as you do not allow it.",
        "%(number)s cookies are being deleted, as you do not allow them.",
        number,
    )
    return in_sentence(sentence, number)
