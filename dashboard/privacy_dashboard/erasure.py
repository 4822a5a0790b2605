"""Getting rid of what is kept: single cookies and session keys, all of one purpose, or everything."""

from collections.abc import Collection, Iterable

from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from consent_gate import receipts
from consent_gate.cookies import ACCOUNT_KEY, BACKEND_KEY, CSRF, PASSWORD_MARK_KEY, SESSION
from consent_gate.request import consent_of
from consent_gate.sent_cookies import sent_cookies
from consent_gate.withdrawal import expire

SIGN_IN_KEYS = frozenset({ACCOUNT_KEY.name, BACKEND_KEY.name, PASSWORD_MARK_KEY.name})
"""They mean something together alone."""

CLEAR_SITE_DATA = '"cookies", "storage"'
"""Clears also what this site never set (w3.org/TR/clear-site-data). Not `"cache"`: it can take seconds, and pages with
anything personal in them are never cached."""


def names_sent(request: HttpRequest) -> list[str]:
    """The names of all cookies that came, those that the gate hides too, each once."""
    return list(dict.fromkeys(cookie.name for cookie in sent_cookies(request.META.get("HTTP_COOKIE", ""))))


def delete_cookies(request: HttpRequest, response: HttpResponseBase, names: Collection[str]) -> list[str]:
    """Have the browser delete cookies that it sent, wherever they lie; gives back their names. Others are left alone.

    With the session's cookie goes the session: nobody could use it any more, and it would lie on the server till it
    expires.
    """
    wanted = set(names)
    found = [name for name in names_sent(request) if name in wanted]
    if SESSION.name in found:
        end_session(request, response)
    expire(response, found, addresses=(request.path,), host=request.META.get("HTTP_HOST", ""))
    return found


def erase_session_keys(request: HttpRequest, response: HttpResponseBase, names: Iterable[str]) -> list[str]:
    """Erase keys from the session, and give what is left of it another id; gives back the names of what was there.

    A request that is still under way holds the old id: what it saves goes nowhere.
    """
    session = request.session
    wanted = set(names)
    if wanted & SIGN_IN_KEYS:
        wanted |= SIGN_IN_KEYS
    found = [name for name in list(session.keys()) if name in wanted]
    for name in found:
        del session[name]
    if found and not is_worth_keeping(session):
        end_session(request, response)
    elif found:
        session.cycle_key()
    return found


def is_worth_keeping(session: SessionBase) -> bool:
    """Whether anything is left in a session beside the note of how long it lasts."""
    return bool(set(session.keys()) - {"_session_expiry"})


def end_session(request: HttpRequest, response: HttpResponseBase) -> None:
    """Delete the session in its store and its cookies in the browser. Whoever was signed in is signed out."""
    logout(request)
    CSRF.delete(response)  # it stands beside a session, and there is none any more


def erase_receipt(request: HttpRequest) -> bool:
    """Delete the server's copy of the receipt of this browser's choice; the choice itself counts on."""
    choice = consent_of(request).choice
    receipt = receipts.find(choice) if choice else None
    if receipt is None:
        return False
    receipt.delete()
    return True


def erase_everything(request: HttpRequest, response: HttpResponseBase) -> None:
    """Delete all that the browser and the server hold for this visitor, but for an account and its other sessions."""
    erase_receipt(request)
    end_session(request, response)
    expire(response, names_sent(request), addresses=(request.path,), host=request.META.get("HTTP_HOST", ""))
    response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
