"""Judges what was seen by what is declared: pure functions, a verdict for each cookie in each state."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from cookie_audit.declared import Declared, DeclaredCookie
from cookie_audit.kinds import Finding, FindingKind
from cookie_audit.observation import ConsentState, KeptCookie, NotRun, Observation, SetCookieLine, StoredItem
from cookie_harness.jar import domain_matches

NECESSARY = "necessary"


class CookieVerdict(Enum):
    """The verdict on one cookie in one state; the value is its name in words. The worst comes first."""

    UNDECLARED = "undeclared"
    WITHOUT_CONSENT = "without consent"
    NOT_AS_DECLARED = "not as declared"
    ALLOWED = "allowed"


@dataclass(frozen=True)
class JudgedCookie:
    """One cookie in one state: kept in the jar, or only set by a response and not kept."""

    name: str
    domain: str
    path: str
    purpose: str | None
    """As declared; None for a cookie that nobody declared."""
    verdict: CookieVerdict
    reasons: tuple[str, ...]
    kept: KeptCookie | None
    line: SetCookieLine | None
    """The first response that set it in this state."""

    @property
    def first_seen(self) -> str:
        """The page that brought it."""
        seen = self.kept or self.line
        return seen.first_seen if seen else ""


@dataclass(frozen=True)
class JudgedState:
    """One state of consent in one browser: what was seen, and the verdicts on it."""

    state: ConsentState
    seen: Observation | NotRun
    cookies: tuple[JudgedCookie, ...] = ()
    stored: tuple[StoredItem, ...] = ()

    @property
    def was_run(self) -> bool:
        """Whether the visitor could get into this state."""
        return isinstance(self.seen, Observation)

    def findings(self, engine: str) -> tuple[Finding, ...]:
        """What is not as it should be. Another store is never declared: there is no form for it."""
        cookies = (
            Finding(
                _KINDS[each.verdict],
                engine,
                self.state.value,
                each.name,
                each.first_seen,
                "; ".join(
                    (
                        f"cookie {each.name} ({each.domain}): {each.verdict.value}",
                        *each.reasons,
                        f"first on {each.first_seen}",
                    )
                ),
                each.line.url if each.line else "",
            )
            for each in self.cookies
            if each.verdict is not CookieVerdict.ALLOWED
        )
        stored = (
            Finding(
                FindingKind.UNDECLARED,
                engine,
                self.state.value,
                each.key,
                each.first_seen,
                f"{each.store} {each.key}: undeclared; first on {each.first_seen}",
            )
            for each in self.stored
        )
        return (*cookies, *stored)


_KINDS = {
    CookieVerdict.UNDECLARED: FindingKind.UNDECLARED,
    CookieVerdict.WITHOUT_CONSENT: FindingKind.BEFORE_CONSENT,
    CookieVerdict.NOT_AS_DECLARED: FindingKind.NOT_AS_DECLARED,
}


def judge(seen: Observation | NotRun, declared: Declared, host: str) -> JudgedState:
    """Give a verdict on every cookie that was kept or set in a state of the site at a host."""
    if isinstance(seen, NotRun):
        return JudgedState(seen.state, seen)
    kept = {_place(each): each for each in seen.jar}
    lines: dict[tuple[str, str, str], SetCookieLine] = {}
    for line in seen.lines:
        if not line.deletes:
            lines.setdefault(_place_of_line(line), line)
    cookies = (
        _judged(place, kept.get(place), lines.get(place), seen, declared, host)
        for place in dict.fromkeys((*kept, *lines))
    )
    return JudgedState(seen.state, seen, tuple(sorted(cookies, key=lambda each: (each.name, each.domain))), seen.stored)


def worst(verdicts: Iterable[CookieVerdict]) -> CookieVerdict:
    """The worst of several verdicts; ValueError for none."""
    return min(verdicts, key=list(CookieVerdict).index)


def _judged(  # noqa: PLR0913, PLR0917 -- all that a verdict depends on
    place: tuple[str, str, str],
    kept: KeptCookie | None,
    line: SetCookieLine | None,
    seen: Observation,
    declared: Declared,
    host: str,
) -> JudgedCookie:
    name, domain, path = place
    is_ours = domain_matches(domain, host)
    declaration = declared.find(name) if is_ours else None
    if declaration is None:
        why = "no declaration has this name" if is_ours else f"it belongs to another host than {host}"
        return JudgedCookie(name, domain, path, None, CookieVerdict.UNDECLARED, (why,), kept, line)
    complaints = [*_without_consent(declaration, seen.state), *_not_as_declared(declaration, kept, seen.at)]
    verdict = worst([CookieVerdict.ALLOWED, *(verdict for verdict, _ in complaints)])
    return JudgedCookie(
        name, domain, path, declaration.purpose, verdict, tuple(why for _, why in complaints), kept, line
    )


def _without_consent(declaration: DeclaredCookie, state: ConsentState) -> list[tuple[CookieVerdict, str]]:
    if declaration.purpose == NECESSARY or state is ConsentState.GRANTED:
        return []
    return [(CookieVerdict.WITHOUT_CONSENT, f"its purpose is {declaration.purpose}, which is not granted")]


def _not_as_declared(
    declaration: DeclaredCookie, kept: KeptCookie | None, at: float
) -> list[tuple[CookieVerdict, str]]:
    """What the jar holds otherwise. A cookie that was set and is not kept is judged by its name alone."""
    faults = declaration.faults_of(kept.cookie, at) if kept else []
    return [(CookieVerdict.NOT_AS_DECLARED, fault.removeprefix(f"{declaration.name}: ")) for fault in faults]


def _place(kept: KeptCookie) -> tuple[str, str, str]:
    return kept.cookie.name, kept.cookie.domain, kept.cookie.path


def _place_of_line(line: SetCookieLine) -> tuple[str, str, str]:
    """Where a browser keeps the cookie of a line (RFC 6265, 5.2.3 and 5.1.4), in the words of the jar."""
    parts = urlsplit(line.url)
    domain = (line.sent.attribute("Domain") or "").lstrip(".").lower()
    path = line.sent.attribute("Path") or ""
    if not path.startswith("/"):
        path = parts.path.rpartition("/")[0] or "/"
    return line.sent.name, f".{domain}" if domain else (parts.hostname or ""), path
