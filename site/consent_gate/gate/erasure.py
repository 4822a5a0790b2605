"""All erasing, in the browser and in the session: by withdrawal, by name, or of everything."""

from collections.abc import Collection, Iterable

from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.db import Error
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from consent_gate.cookies import BACKEND_KEY, CSRF, PASSWORD_MARK_KEY, SESSION, USER_KEY
from consent_gate.declarations.declaration import CookieDeclaration, Declarations, registry
from consent_gate.declarations.purposes import Purpose
from consent_gate.gate.expiry import expire
from consent_gate.gate.sessions import GatedSession
from consent_gate.headers.sent_cookies import sent_cookies

SIGN_IN_KEYS = frozenset({USER_KEY.name, BACKEND_KEY.name, PASSWORD_MARK_KEY.name})
"""The keys of a sign-in: erased together, as Django signs nobody in with one of them missing."""

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


def clear_browser_and_session(request: HttpRequest, response: HttpResponseBase) -> None:
    """Delete every cookie that came, what else the site has in the browser, and the session. Receipts stay."""
    end_session(request, response)
    expire(response, names_sent(request), addresses=(request.path,), host=request.META.get("HTTP_HOST", ""))
    response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA


def withdraw(request: HttpRequest, response: HttpResponseBase, purposes: Iterable[Purpose], next_page: str) -> None:
    """Erase what purposes that lost their yes have left in the session and in the browser.

    `next_page` is where the visitor goes from here: a cookie may lie at its path, too. While the session's store is
    away its keys stay there; no view reads them, and the next request that finds the store erases them (`sessions`).
    """
    is_away = not _erased_from(request.session)
    if not is_away and request.session.is_empty():
        CSRF.delete(response)  # it stands beside a session, and there is none any more
    expire(
        response,
        cookies_of(purposes, registry.cookies, request.COOKIES),
        addresses=(request.path, next_page.partition("?")[0]),
        host=request.get_host(),
    )


def cookies_of(
    purposes: Iterable[Purpose], declared: Declarations[CookieDeclaration], present: Collection[str]
) -> list[CookieDeclaration | str]:
    """What to delete from a browser: every declared cookie of these purposes, and of a family the names that came.

    Those that are `present` stand first: there may not be room to look for the others everywhere.
    """
    wanted = set(purposes)
    single = [each for each in declared if each.purpose in wanted and not each.is_pattern]
    members = [
        name for name in present if (found := declared.find(name)) and found.is_pattern and found.purpose in wanted
    ]
    return [*members, *sorted(single, key=lambda each: each.name not in present)]


def _erased_from(session: SessionBase) -> bool:
    """As `erase_from`; False if the store is away."""
    if not isinstance(session, GatedSession):
        return True
    if session.away is None:
        try:
            erase_from(session)
        except Error as error:
            session.give_up(error)
    return session.away is None


def erase_from(session: GatedSession) -> None:
    """Erase from a session what its visitor no longer allows, and give the rest another key.

    A request that is still under way holds the old key: what it saves goes nowhere. A session with nothing left in it
    goes altogether.
    """
    if session.session_key is None:
        return
    # Loads the session, by the decision as it is now; and no session is kept for this mark alone.
    session.pop(SessionBase.TEST_COOKIE_NAME, None)
    session.drop_what_is_not_allowed()
    if session.keys():
        session.cycle_key()
    else:
        session.flush()
