"""Everything on the dashboard as a document to take home (GDPR, articles 15 and 20), and the cookies as a table."""

import csv
from io import StringIO
from typing import Any

from consent_gate.api import Choice, described, export_receipt
from privacy_dashboard.browser_cookies import BrowserCookie, Selection
from privacy_dashboard.expiries import Expiry
from privacy_dashboard.overview import Overview
from privacy_dashboard.session_contents import SessionKey, SessionRecord
from privacy_dashboard.user_rows import UserRecord

FORMAT = "privacy-export/1"
"""docs/export.md describes it."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a cell for a formula (owasp.org/www-community/attacks/CSV_Injection)."""


def as_document(overview: Overview) -> dict[str, Any]:
    """The whole as plain values. Secrets are left out: a file that lies about must open no session."""
    choice = overview.choice
    return {
        "format": FORMAT,
        "exported_at": overview.now.isoformat(timespec="seconds"),
        "decision": {
            "state": overview.decision.state.value,
            "granted": sorted(overview.decision.granted),
            "global_privacy_control": overview.gpc,
            "made_at": choice.made_at.isoformat() if choice else None,
            "lapses_at": choice.lapses_at.isoformat() if choice else None,
            "answers": _answers(choice) if choice else [],
        },
        "cookies": [_cookie(cookie) for cookie in overview.selection.shown],
        "further_cookies": [_in_short(cookie) for cookie in overview.selection.others],
        "session": _session(overview.session) if overview.session else None,
        "receipt": export_receipt(overview.receipt) if overview.receipt else None,
        "account": _user_document(overview.user) if overview.user else None,
        "account_sessions": [
            {
                "began_at": each.began_at.isoformat(timespec="seconds") if each.began_at else None,
                "ends_at": each.ends_at.isoformat(timespec="seconds"),
                "until_browser_closes": each.until_browser_closes,
                "this_one": each.is_this_one,
            }
            for each in overview.user_sessions
        ],
    }


def _answers(choice: Choice) -> list[dict[str, Any]]:
    return [
        {
            "purpose": purpose,
            "granted": answer.granted,
            "given_at": answer.given_at.isoformat(),
            "lapses_at": answer.lapses_at.isoformat(),
        }
        for purpose, answer in choice.answers.items()
    ]


def _cookie(cookie: BrowserCookie) -> dict[str, Any]:
    return {
        "name": cookie.name,
        "value": None if cookie.is_secret else cookie.sent.value,
        "secret": cookie.is_secret,
        "bytes": cookie.sent.size,
        "state": cookie.state.value,
        "ends": _expiry(cookie.ends),
        "declaration": described(cookie.declaration) if cookie.declaration else None,
    }


def _in_short(cookie: BrowserCookie) -> str:
    """A cookie as its browser sent it, without the value of a secret."""
    return f"{cookie.name}={'' if cookie.is_secret else cookie.sent.value}"


def _session(session: SessionRecord) -> dict[str, Any]:
    return {
        "engine": session.engine.value,
        "id_begins_with": session.short_id.rstrip("…"),
        "bytes": session.stored.size,
        "ends": _expiry(session.ends),
        "ends_on_the_server": _expiry(session.server_ends),
        "ends_when_unused_for_seconds": int(session.idle_limit.total_seconds()) if session.idle_limit else None,
        "keys": [_session_key(key) for key in session.keys],
    }


def _session_key(key: SessionKey) -> dict[str, Any]:
    return {
        "key": key.name,
        "value": None if key.is_secret else key.value,
        "secret": key.is_secret,
        "bytes": key.size,
        "declaration": described(key.declaration) if key.declaration else None,
    }


def _user_document(user: UserRecord) -> dict[str, Any]:
    return {
        "fields": {field.name: field.value for field in user.fields},
        "rows": {rows.model: {"number": rows.number, "rows": list(rows.shown)} for rows in user.rows},
    }


def _expiry(ends: Expiry) -> dict[str, Any]:
    return {
        "known": ends.known.value,
        "at": ends.at.isoformat() if ends.at else None,
        "within_seconds": None if ends.within is None else int(ends.within.total_seconds()),
    }


def as_table(cookies: Selection) -> str:
    """The cookies as comma-separated values (RFC 4180), safe to open in a spreadsheet. The others' rows are short."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(["name", "value", "bytes", "purpose", "state", "ends"])
    for cookie in cookies.shown:
        purpose = cookie.purpose or ""
        writer.writerow([*_cells(cookie), purpose, cookie.state.value, str(cookie.ends)])
    for cookie in cookies.others:
        writer.writerow([*_cells(cookie), "", cookie.state.value, ""])
    return file.getvalue()


def _cells(cookie: BrowserCookie) -> tuple[str, str, str]:
    value = "" if cookie.is_secret else cookie.sent.value
    return _harmless(cookie.name), _harmless(value), str(cookie.sent.size)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
