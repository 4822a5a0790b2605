"""Says of each cookie and item whether it is strictly necessary, and how that is known: pure functions.

It is known from what the site declares; else from well-known names (`known`); else from its behaviour, if it keeps
the visitor's answer; else it counts as needing consent, "by rule".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from cookie_audit.declared import Declared
from cookie_audit.known import COOKIE, Known
from cookie_audit.observation import ConsentState, NotRun, Observation
from cookie_harness.jar import domain_matches
from cookie_harness.masking import is_plain

NECESSARY = "necessary"
BY_RULE = "by rule: nothing says that it is strictly necessary"

_NAMES_OF_ANSWERS = re.compile(
    r"consent|cookie.?(choice|pref|notice|banner|polic|setting|law|bar|accept|allow)|gdpr|rgpd|dsgvo|lgpd|opt.?out",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(t[\d:.]+z?)?", re.IGNORECASE)
_TIME = re.compile(r"[12]\d{9}(\d{3})?")  # seconds or milliseconds since the epoch
_TOKEN = re.compile(r"[a-z0-9_-]{8,}", re.IGNORECASE)
_FEW_DIGITS = 2

Place = tuple[str, str]
"""The store ("cookie" for cookies) and the name."""


@dataclass(frozen=True)
class Necessity:
    """Why something is stored, as far as it is known. `purpose` is "" where nobody says."""

    purpose: str
    ground: str

    @property
    def needs_consent(self) -> bool:
        """Whether it has to wait for a yes."""
        return self.purpose != NECESSARY


@dataclass(frozen=True)
class Rules:
    """What a site's cookies and items are judged by."""

    host: str
    declared: Declared
    has_declarations: bool
    known: Known
    answers: frozenset[Place] = frozenset()
    """What keeps the visitor's answer, by its behaviour."""
    claimed: frozenset[str] = frozenset()
    """Names of cookies that the banner lists under what can't be refused."""

    def of(self, place: Place, host: str, value: str, lifetime: float | None) -> Necessity:
        """What is known of a cookie or item of a host. `lifetime` is in seconds, None until the browser closes."""
        store, name = place
        ours = domain_matches(host, self.host)
        declaration = self.declared.find(name) if store == COOKIE and ours else None
        if declaration:
            return Necessity(declaration.purpose, "declared by the site")
        if tracker := self.known.tracker(name):
            return Necessity(tracker.purpose, f"by its name it is of {tracker.owner} ({tracker.source})")
        if ours and (found := self.known.necessary_by_name(store, name, value, lifetime)):
            return Necessity(NECESSARY, f"by its name it is {found.what} ({found.source})")
        if ours and place in self.answers:
            return Necessity(NECESSARY, "by its behaviour it keeps the answer to the banner")
        if ours and _NAMES_OF_ANSWERS.search(name) and is_plain(value):
            return Necessity(NECESSARY, "by its name and its plain value it keeps the answer to the banner")
        return Necessity("", BY_RULE)


def answers_in(states: Iterable[Observation | NotRun]) -> frozenset[Place]:
    """What keeps the visitor's answer: it comes with the answer, tells a yes from a no, and holds no identifier."""
    values = {each.state: _values(each) for each in states if isinstance(each, Observation)}
    before = values.get(ConsentState.UNDECIDED, {})
    yes = values.get(ConsentState.GRANTED, {})
    no = values.get(ConsentState.REFUSED, {}) or values.get(ConsentState.WITHDRAWN, {})
    return frozenset(
        place
        for place, value in yes.items()
        if place not in before
        and place in no
        and no[place] != value
        and not holds_identifier(value)
        and not holds_identifier(no[place])
    )


def holds_identifier(value: str) -> bool:
    """Whether a visitor could be known by a value: it has a token of letters and digits mixed, or a long number."""
    plain = _DATE.sub(" ", unquote(value))
    tokens = (token for token in _TOKEN.findall(plain) if not _TIME.fullmatch(token))
    return any(sum(each.isdigit() for each in token) > _FEW_DIGITS for token in tokens)


def _values(seen: Observation) -> dict[Place, str]:
    cookies = {(COOKIE, each.cookie.name): each.cookie.value for each in seen.jar}
    return cookies | {(each.store, each.key): each.value for each in seen.stored if not each.origin}
