"""The rows of the table as HTML: each is an outline that is the same for everybody, with a visitor's values filled in.

A shape decides how a row looks, and holds no value of a visitor's: what was drawn of it is kept for others.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from consent_gate.api import CookieDeclaration, SessionKeyDeclaration, joined
from privacy_dashboard.browser_cookies import BrowserCookie, CookieState
from privacy_dashboard.holdings import Group, Holding, Kind, Side
from privacy_dashboard.page import DashboardPage
from privacy_dashboard.quantities import in_bytes

NOTHING = "–"
"""What stands for an empty name or value."""

Values = Mapping[str, object]
"""What a row's holes are filled with, by their names."""


def table(page: DashboardPage) -> SafeString:
    """The table."""
    groups = page.overview.groups
    return page.outline("privacy_dashboard/_holdings.html", bool(groups)).filled(
        groups=joined(_group(each, page) for each in groups)
    )


class GroupShape(NamedTuple):
    """What decides how one purpose's part of the table looks."""

    name: str
    label: str
    has_cookies: bool
    has_keys: bool
    leaves_out: bool


class CookieShape(NamedTuple):
    """What decides how a cookie's row looks. `is_whole`: it shows all of the value; `is_open`: as was asked for."""

    group: str
    declaration: CookieDeclaration | None
    state: CookieState
    is_whole: bool
    is_open: bool
    is_name_cut: bool
    is_oversized: bool
    is_text: bool
    reaches_the_site: bool
    is_sent_twice: bool
    can_be_deleted: bool
    kind: Kind = Kind.COOKIE
    side: Side = Side.BROWSER


class KeyShape(NamedTuple):
    """What decides how the row of a session's key looks, as with a cookie."""

    group: str
    side: Side
    declaration: SessionKeyDeclaration | None
    state: CookieState
    is_whole: bool
    is_open: bool
    kind: Kind = Kind.KEY


class PlainShape(NamedTuple):
    """A row that looks the same for everybody: the receipt's, and the user's."""

    group: str
    kind: Kind
    side: Side = Side.SERVER
    state: CookieState = CookieState.IN_ORDER
    is_open: bool = False


def _group(group: Group, page: DashboardPage) -> SafeString:
    leaves_out = group.cookies_left_out > 0 or group.keys_left_out > 0
    shape = GroupShape(
        group.name,
        str(group.label),
        has_cookies=group.number_of_cookies > 0,
        has_keys=group.number_of_keys > 0,
        leaves_out=leaves_out,
    )
    return page.outline("privacy_dashboard/_group.html", shape).filled(
        rows=joined(_row(group.name, number, each, page) for number, each in enumerate(group.holdings, 1)),
        left_out=render_to_string("privacy_dashboard/_left_out.html", {"group": group}) if leaves_out else "",
    )


def _row(group: str, number: int, holding: Holding, page: DashboardPage) -> SafeString:
    shape, values = _OF_KIND[holding.kind](group, holding, page.reveal)
    return page.outline("privacy_dashboard/_row.html", shape).filled(
        number=number,
        name=holding.name,
        named=holding.name or NOTHING,
        reason=holding.reason,
        ends=page.in_words(holding.ends),
        **values,
    )


def _cookie(group: str, holding: Holding, reveal: str) -> tuple[CookieShape, Values]:
    cookie: BrowserCookie = holding.thing
    sent = cookie.sent
    is_open = reveal == holding.reveal
    value = sent.value if is_open else cookie.short_value
    shape = CookieShape(
        group,
        cookie.declaration,
        cookie.state,
        is_whole=value == sent.value,
        is_open=is_open,
        is_name_cut=cookie.is_name_cut,
        is_oversized=sent.is_oversized,
        is_text=sent.is_text,
        reaches_the_site=sent.reaches_the_site,
        is_sent_twice=cookie.times_sent > 1,
        can_be_deleted=cookie.can_be_deleted,
    )
    quoted = "" if shape.is_whole else quote(cookie.name, safe="")
    return shape, {"value": value or NOTHING, "size": in_bytes(sent.size), "quoted": quoted}


def _key(group: str, holding: Holding, reveal: str) -> tuple[KeyShape, Values]:
    key = holding.thing
    text = key.text
    is_open = reveal == holding.reveal
    value = text if is_open else key.short_text
    shape = KeyShape(group, holding.side, key.declaration, holding.state, is_whole=value == text, is_open=is_open)
    quoted = "" if shape.is_whole else quote(key.name, safe="")
    return shape, {"value": value, "type": key.type, "size": in_bytes(key.size), "quoted": quoted}


def _receipt(group: str, holding: Holding, _reveal: str) -> tuple[PlainShape, Values]:
    receipt = holding.thing
    answers = format_html_join(", ", "<code>{}: {}</code>", receipt.answers.items())
    return PlainShape(group, Kind.RECEIPT), {"number_of_receipt": receipt.pk, "answers": answers}


def _user(group: str, holding: Holding, _reveal: str) -> tuple[PlainShape, Values]:
    details = render_to_string("privacy_dashboard/_user.html", {"record": holding.thing})
    return PlainShape(group, Kind.USER), {"details": details}


_OF_KIND: Mapping[Kind, Callable[[str, Holding, str], tuple[Any, Values]]] = {
    Kind.COOKIE: _cookie,
    Kind.KEY: _key,
    Kind.RECEIPT: _receipt,
    Kind.USER: _user,
}
