"""The gate's judgement, as pure functions: may this cookie leave, may this session key be kept, and why.

Default deny: what nobody declared is stopped, whatever the visitor agreed to.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

from consent_gate.decision.decision import Decision, State
from consent_gate.declarations.declaration import CookieDeclaration, Declaration, Registry
from consent_gate.declarations.purposes import PURPOSES, Purpose
from consent_gate.headers.set_cookie import OutgoingCookie

Kind = Literal["cookie", "session key"]


class Reason(StrEnum):
    """Why the gate let something through or stopped it."""

    NECESSARY = "necessary"
    GRANTED = "granted"
    DELETION = "a deletion always passes"
    UNDECLARED = "not declared"
    NOT_GRANTED = "its purpose is not granted"
    FIRST_VISIT = "a first visit that only opens a page stores nothing"
    ALONE = "it is auxiliary, and no other session key is kept"
    REPLACES = "it would replace a session that the browser may have kept back from another site's request"
    MENDED = "sent otherwise than declared"


class Verdict(NamedTuple):
    """The gate's word on one cookie or session key. `faults` are the attributes that were not as declared."""

    kind: Kind
    name: str
    reason: Reason
    purpose: Purpose | None = None
    faults: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it was let through, as it came or mended."""
        return self.reason in _PASSES

    @property
    def is_defect(self) -> bool:
        """Whether the site's own code is wrong, whatever the visitor answered."""
        return self.reason in _DEFECTS

    def __str__(self) -> str:
        faults = f" ({', '.join(self.faults)})" if self.faults else ""
        return f"{self.kind} “{self.name}” {'allowed' if self.allowed else 'stopped'}: {self.reason.value}{faults}"

    @property
    def advice(self) -> str:
        """What to do about a defect, for whoever writes the site: with the lines to write."""
        if self.reason is Reason.UNDECLARED:
            declaration = "CookieDeclaration" if self.kind == "cookie" else "SessionKeyDeclaration"
            return (
                "Declare it in the module cookies.py of the app that stores it:\n\n"
                f"    from consent_gate.api import {declaration}, Purpose, declare\n\n"
                f'    declare({declaration}(name="{self.name}", purpose=Purpose.…, reason="What it is for."))\n\n'
                f"There are these purposes: {', '.join(PURPOSES)}. What is necessary says in `ground` why."
            )
        if self.reason is Reason.MENDED:
            return "Set it by its declaration, with `send(response, value)`, or declare it as it is sent."
        if self.reason is Reason.FIRST_VISIT:
            return "Store it in answer to a form, or once the visitor has answered about cookies."
        return ""


_PASSES = {Reason.NECESSARY, Reason.GRANTED, Reason.DELETION, Reason.MENDED}
_DEFECTS = {Reason.UNDECLARED, Reason.FIRST_VISIT, Reason.MENDED}


class Undeclared(Exception):
    """Raised in strict mode for what only a defect in the site's own code can cause, with an advice."""


class JudgementContext(NamedTuple):
    """What a judgement depends on beside the declaration.

    `first_visit` means: the browser brought no cookie of this site, no choice was made, and the request only opens a
    page (a safe method, RFC 9110, section 9.2.1). Then even what is necessary has to wait until it is asked for.
    """

    decision: Decision
    first_visit: bool


def first_visit(
    decision: Decision, *, safe_method: bool, brought_a_declared_cookie: bool, asked_by_link: bool = False
) -> bool:
    """Whether this request is somebody's mere first look at the site."""
    only_opens_a_page = safe_method and not asked_by_link
    return only_opens_a_page and not brought_a_declared_cookie and decision.state in {State.UNDECIDED, State.SIGNALLED}


def is_asked_by_link(keys: Iterable[str], registry: Registry) -> bool:
    """Whether a session's keys show that the page was opened by a link that asks for something."""
    return any(declared is not None and declared.asked_by_link for declared in map(registry.session_keys.find, keys))


def reason_for(declaration: Declaration | None, context: JudgementContext) -> Reason:
    """The reason that holds for cookies and session keys alike."""
    if declaration is None:
        return Reason.UNDECLARED
    if declaration.purpose not in context.decision.granted:
        return Reason.NOT_GRANTED
    if context.first_visit:
        return Reason.FIRST_VISIT
    return Reason.NECESSARY if declaration.purpose == Purpose.NECESSARY else Reason.GRANTED


def judge_cookie(cookie: OutgoingCookie, registry: Registry, context: JudgementContext) -> Verdict:
    """Judge an outgoing cookie."""
    declaration = registry.cookies.find(cookie.name)
    purpose = declaration.purpose if declaration else None
    if cookie.is_deletion:
        return Verdict("cookie", cookie.name, Reason.DELETION, purpose)
    reason = reason_for(declaration, context)
    if declaration and reason in _PASSES and (faults := faults_of(cookie, declaration)):
        return Verdict("cookie", cookie.name, Reason.MENDED, purpose, faults)
    return Verdict("cookie", cookie.name, reason, purpose)


def judge_session_key(key: str, registry: Registry, context: JudgementContext) -> Verdict:
    """Judge a session key that is about to be saved, or to be shown to a view."""
    declaration = registry.session_keys.find(key)
    return Verdict("session key", key, reason_for(declaration, context), declaration.purpose if declaration else None)


def judge_session(
    keys: Iterable[str], registry: Registry, context: JudgementContext, *, replaces: bool = False
) -> list[Verdict]:
    """Judge all keys of a session together: an auxiliary one goes when none of the others may stay.

    A session that `replaces` one which the browser may have kept back keeps nothing at all.
    """
    verdicts = [judge_session_key(key, registry, context) for key in keys]
    if replaces:
        return [each._replace(reason=Reason.REPLACES) if each.allowed else each for each in verdicts]

    def is_auxiliary(verdict: Verdict) -> bool:
        declaration = registry.session_keys.find(verdict.name)
        return declaration is not None and declaration.auxiliary

    if any(verdict.allowed and not is_auxiliary(verdict) for verdict in verdicts):
        return verdicts
    return [verdict._replace(reason=Reason.ALONE) if is_auxiliary(verdict) else verdict for verdict in verdicts]


def faults_of(cookie: OutgoingCookie, declared: CookieDeclaration) -> tuple[str, ...]:
    """Name the attributes that differ from the declaration. A shorter life than declared is no fault."""
    faults = []
    if cookie.http_only != declared.http_only:
        faults.append("HttpOnly")
    if cookie.secure != declared.secure:
        faults.append("Secure")
    if cookie.same_site != declared.same_site and cookie.same_site.lower() != declared.same_site.lower():
        faults.append("SameSite")
    if cookie.path != declared.path:
        faults.append("Path")
    own_domain = declared.domain or ""
    if cookie.domain != own_domain and cookie.domain.lstrip(".").lower() != own_domain.lstrip(".").lower():
        faults.append("Domain")
    if outlives(cookie.lifetime, declared.lifetime):
        faults.append("lifetime")
    return tuple(faults)


def outlives(lifetime: float | None, declared: timedelta | None) -> bool:
    """Whether a life in seconds is longer than the declared one; None ends with the browser."""
    if lifetime is None:
        return False
    return declared is None or lifetime > declared.total_seconds()
