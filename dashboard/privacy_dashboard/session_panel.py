"""The session on both sides, and as it is stored, as HTML."""

from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import ngettext

from consent_gate.api import CSRF, SESSION, StoreKind, cut, shortened
from privacy_dashboard.page import DashboardPage
from privacy_dashboard.quantities import in_bytes, in_sentence
from privacy_dashboard.session_contents import SessionRecord

STORED = "stored"
"""What `?reveal=` names the stored form by."""

SHOWN_OF_THE_FORM = 24
"""Characters of the stored form that are shown unasked."""


class PanelShape(NamedTuple):
    """What decides how the panel looks. `form` is "no text", "cut" or "whole"."""

    engine: StoreKind
    form: str
    has_token: bool
    is_beginning_known: bool
    has_idle_limit: bool
    session_cookie: str = SESSION.name
    token_cookie: str = CSRF.name


def session_panel(page: DashboardPage) -> SafeString:
    """The panel; nothing without a session."""
    session = page.overview.session
    if session is None:
        return SafeString()
    token, began_at = page.overview.csrf_cookie, page.overview.session_began_at
    is_whole = page.reveal == STORED
    form = session.stored.form or ""
    shape = PanelShape(
        session.engine,
        form="no text" if session.stored.form is None else "whole" if is_whole else "cut",
        has_token=token is not None,
        is_beginning_known=began_at is not None,
        has_idle_limit=session.idle_limit is not None,
    )
    keys = len(session.keys)
    return page.outline("privacy_dashboard/_session.html", shape).filled(
        id=session.short_id,
        token=shortened(token.sent.value) if token else "",
        number_of_keys=in_sentence(ngettext("%(number)s key", "%(number)s keys", keys), keys),
        keys=_names(session),
        began_at=date_format(localtime(began_at), "DATETIME_FORMAT") if began_at else "",
        ends=page.in_words(session.ends),
        server_ends=page.in_words(session.server_ends),
        idle_limit=session.idle_limit_text,
        size=in_bytes(session.stored.size),
        form=form if is_whole else cut(form, SHOWN_OF_THE_FORM),
    )


def _names(session: SessionRecord) -> SafeString:
    names = format_html_join(", ", "<code>{}</code>", ((key.name,) for key in session.shown))
    return names + mark_safe(" …") if session.left_out else names
