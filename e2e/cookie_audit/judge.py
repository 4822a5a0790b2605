"""Judges each cookie and item in each state: pure functions from what was seen to kinds of finding, with reasons."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from cookie_audit.declared import DeclaredCookie
from cookie_audit.kinds import FindingKind
from cookie_audit.known import COOKIE
from cookie_audit.necessity import NECESSARY, Necessity, Rules
from cookie_audit.observation import (
    CarriedCookie,
    ConsentState,
    KeptCookie,
    NotRun,
    Observation,
    SetCookieLine,
    StoredItem,
)
from cookie_audit.parties import same_party
from cookie_harness.durations import in_words
from cookie_harness.jar import domain_matches

THIRTEEN_MONTHS = 397 * 86_400.0
"""Seconds: the longest that 13 months can be."""
# A shorter value tells no visitor from another.
_IDENTIFIER = 8

Complaint = tuple[FindingKind, str]
"""A kind, and the reason in words."""

_KEPT = {
    ConsentState.UNDECIDED: FindingKind.BEFORE_CONSENT,
    ConsentState.BLOCKED: FindingKind.BEFORE_CONSENT,
    ConsentState.NO_SCRIPTS: FindingKind.BEFORE_CONSENT,
    ConsentState.GPC: FindingKind.GPC_IGNORED,
    ConsentState.REFUSED: FindingKind.REFUSAL_IGNORED,
    ConsentState.RETURNING: FindingKind.REFUSAL_IGNORED,
    ConsentState.WITHDRAWN: FindingKind.KEPT_AFTER_WITHDRAWAL,
}
_SENT = {
    ConsentState.REFUSED: FindingKind.SENT_AFTER_REFUSAL,
    ConsentState.RETURNING: FindingKind.SENT_AFTER_REFUSAL,
    ConsentState.WITHDRAWN: FindingKind.SENT_AFTER_WITHDRAWAL,
}


@dataclass(frozen=True)
class JudgedThing:
    """One cookie or one item of another store in one state, and what is wrong with it."""

    store: str
    """`known.COOKIE`, or the name of another store."""
    name: str
    host: str
    """The cookie's domain, or the item's origin."""
    path: str
    necessity: Necessity
    complaints: tuple[Complaint, ...]
    first_seen: str
    kept: KeptCookie | None = None
    """None for a cookie that was set or sent and is not kept, and for an item."""
    line: SetCookieLine | None = None
    """The first response that set it in this state."""

    @property
    def kinds(self) -> tuple[FindingKind, ...]:
        """What is wrong, each kind once."""
        return tuple(dict.fromkeys(kind for kind, _ in self.complaints))

    @property
    def title(self) -> str:
        """What it is called in a table or a sentence."""
        return f"{self.store} {self.name} ({self.host})" if self.host else f"{self.store} {self.name}"


@dataclass(frozen=True)
class JudgedState:
    """One state of consent in one browser: what was seen, and the verdicts on it."""

    seen: Observation | NotRun
    cookies: tuple[JudgedThing, ...] = ()
    stored: tuple[JudgedThing, ...] = ()

    @property
    def state(self) -> ConsentState:
        """Which state."""
        return self.seen.state

    @property
    def title(self) -> str:
        """The state in words."""
        return self.seen.title

    @property
    def was_run(self) -> bool:
        """Whether the visitor could get into this state."""
        return isinstance(self.seen, Observation)

    @property
    def cut_short(self) -> str:
        """Why the crawl ended before its end; "" if it did not."""
        return self.seen.cut_short if isinstance(self.seen, Observation) else ""

    @property
    def things(self) -> tuple[JudgedThing, ...]:
        """Cookies and items."""
        return (*self.cookies, *self.stored)


def judge(seen: Observation | NotRun, rules: Rules) -> JudgedState:
    """Give a verdict on everything that was kept, set or sent in a state."""
    if isinstance(seen, NotRun):
        return JudgedState(seen)
    cookies = sorted(_cookies(seen, rules), key=lambda each: (each.name, each.host, each.path))
    return JudgedState(seen, tuple(cookies), tuple(_item(each, seen, rules) for each in seen.stored))


def _cookies(seen: Observation, rules: Rules) -> Iterator[JudgedThing]:
    """Of other parties' cookies those that were kept: a browser that took none is noted with the host."""
    kept = {_place(each): each for each in seen.jar}
    lines: dict[tuple[str, str, str], SetCookieLine] = {}
    for line in seen.lines:
        place = place_of_line(line)
        if not line.deletes and (place in kept or domain_matches(place[1], rules.host)):
            lines.setdefault(place, line)
    places = dict.fromkeys((*kept, *lines))
    for place in places:
        yield _cookie(place, kept.get(place), lines.get(place), seen, rules)
    names = {(name, domain) for name, domain, _ in places}
    for sent in seen.sent:
        if not any(name == sent.name and domain_matches(domain, sent.host) for name, domain in names):
            yield _sent_cookie(sent, seen, rules)


def _cookie(
    place: tuple[str, str, str],
    kept: KeptCookie | None,
    line: SetCookieLine | None,
    seen: Observation,
    rules: Rules,
) -> JudgedThing:
    name, domain, path = place
    value = kept.cookie.value if kept else line.sent.value if line else ""
    lifetime = kept.cookie.lives_for(seen.at) if kept else line.sent.lives_for(seen.at) if line else None
    necessity = rules.of((COOKIE, name), domain, value, lifetime)
    complaints = (
        *_without_consent(necessity, seen.state, is_kept=kept is not None),
        *_sent(name, domain, necessity, seen),
        *_by_declaration(place, kept, seen, rules),
        *_not_necessary(place, value, necessity, seen, rules),
        *_too_long(name, kept, line, seen),
        *([(FindingKind.REVIVED, "it was deleted, and came back with the same value")] if name in seen.revived else []),
    )
    first_seen = kept.first_seen if kept else line.first_seen if line else ""
    return JudgedThing(COOKIE, name, domain, path, necessity, complaints, first_seen, kept, line)


def _sent_cookie(sent: CarriedCookie, seen: Observation, rules: Rules) -> JudgedThing:
    """A cookie that went out, and was not kept to the end."""
    necessity = rules.of((COOKIE, sent.name), sent.host, "", None)
    complaints: list[Complaint] = []
    if necessity.needs_consent and (kind := _SENT.get(seen.state) or _KEPT.get(seen.state)):
        complaints.append((kind, f"it was sent with {sent.url}, and not kept to the end"))
    return JudgedThing(COOKIE, sent.name, sent.host, "", necessity, tuple(complaints), sent.first_seen)


def _item(item: StoredItem, seen: Observation, rules: Rules) -> JudgedThing:
    """Another store is never declared: there is no form for it."""
    host = urlsplit(item.origin).hostname or rules.host
    necessity = rules.of((item.store, item.key), host, item.value, None)
    complaints = [
        (FindingKind.STORE_BEFORE_CONSENT if kind is FindingKind.BEFORE_CONSENT else kind, why)
        for kind, why in _without_consent(necessity, seen.state, is_kept=True)
    ]
    if rules.has_declarations:
        complaints.append((FindingKind.UNDECLARED, "declarations describe cookies alone"))
    return JudgedThing(item.store, item.key, item.origin, "", necessity, tuple(complaints), item.first_seen)


def _without_consent(necessity: Necessity, state: ConsentState, *, is_kept: bool) -> Iterator[Complaint]:
    kind = _KEPT.get(state)
    if kind and necessity.needs_consent:
        purpose = f"its purpose is {necessity.purpose}, " if necessity.purpose else ""
        yield kind, f"{purpose}{necessity.ground}{'' if is_kept else '; it was set, and not kept to the end'}"


def _sent(name: str, domain: str, necessity: Necessity, seen: Observation) -> Iterator[Complaint]:
    kind = _SENT.get(seen.state)
    if kind and necessity.needs_consent:
        sent = next((each for each in seen.sent if each.name == name and domain_matches(domain, each.host)), None)
        if sent:
            yield kind, f"it was sent with {sent.url}"


def _by_declaration(
    place: tuple[str, str, str], kept: KeptCookie | None, seen: Observation, rules: Rules
) -> Iterator[Complaint]:
    """What the jar holds otherwise. A cookie that was set and is not kept is judged by its name alone."""
    if not rules.has_declarations:
        return
    declaration = declaration_of(place, rules)
    if declaration is None and _is_claimed(place[0], rules):
        return  # by a name that another party uses: see `_not_necessary`
    if declaration is None:
        is_ours = domain_matches(place[1], rules.host)
        why = "no declaration has this name" if is_ours else f"it belongs to another host than {rules.host}"
        yield FindingKind.UNDECLARED, why
    elif kept:
        for fault in declaration.faults_of(kept.cookie, seen.at):
            yield FindingKind.NOT_AS_DECLARED, fault.removeprefix(f"{declaration.name}: ")


def declaration_of(place: tuple[str, str, str], rules: Rules) -> DeclaredCookie | None:
    """The declaration that covers a cookie; none covers another host's."""
    return rules.declared.find(place[0]) if domain_matches(place[1], rules.host) else None


def _is_claimed(name: str, rules: Rules) -> bool:
    """Whether the site declares a name as necessary, whoever uses it."""
    declaration = rules.declared.find(name)
    return declaration is not None and declaration.purpose == NECESSARY


def _not_necessary(
    place: tuple[str, str, str], value: str, necessity: Necessity, seen: Observation, rules: Rules
) -> Iterator[Complaint]:
    """What speaks against a claim that a cookie is necessary: its name, or who is told its value."""
    name = place[0]
    claimed = (
        (_is_claimed(name, rules) and "the site declares it necessary")
        or (name in rules.claimed and "the banner lists it as necessary")
        or ""
    )
    if not claimed:
        return
    if tracker := rules.known.tracker(name):
        yield FindingKind.NOT_NECESSARY, f"{claimed}, and by its name it is of {tracker.owner} ({tracker.source})"
    elif not domain_matches(place[1], rules.host) and not same_party(place[1].lstrip("."), rules.host):
        yield FindingKind.NOT_NECESSARY, f"{claimed}, and it belongs to another party, {place[1]}"
    elif told := _told(value, seen, rules):
        yield FindingKind.NOT_NECESSARY, f"{claimed}, and its value is told to {told}"


def _told(value: str, seen: Observation, rules: Rules) -> str:
    """Another party's host that got a cookie's value in an address; "" for none."""
    if len(value) < _IDENTIFIER:
        return ""
    others = (
        each for each in seen.other_hosts if not same_party(urlsplit(f"//{each.host}").hostname or "", rules.host)
    )
    return next((each.host for each in others if any(value in unquote(url) for url in each.told)), "")


def _too_long(name: str, kept: KeptCookie | None, line: SetCookieLine | None, seen: Observation) -> Iterator[Complaint]:
    in_jar = kept.cookie.lives_for(seen.at) if kept else None
    written = next((each for each in seen.writes if each.name == name and each.line), None)
    asked = [each.lives_for(seen.at) for each in (line and line.sent, written and written.sent) if each]
    longest = max((each for each in (in_jar, *asked) if each is not None), default=0.0)
    if longest > THIRTEEN_MONTHS:
        browser = f"the browser keeps it for {in_words(in_jar)}" if in_jar else "the browser did not keep it"
        yield FindingKind.TOO_LONG, f"it asks for {in_words(longest)}, and {browser}"


def _place(kept: KeptCookie) -> tuple[str, str, str]:
    return kept.cookie.name, kept.cookie.domain, kept.cookie.path


def place_of_line(line: SetCookieLine) -> tuple[str, str, str]:
    """Where a browser keeps the cookie of a line (RFC 6265, 5.2.3 and 5.1.4), in the words of the jar."""
    parts = urlsplit(line.url)
    domain = (line.sent.attribute("Domain") or "").lstrip(".").lower()
    path = line.sent.attribute("Path") or ""
    if not path.startswith("/"):
        path = parts.path.rpartition("/")[0] or "/"
    return line.sent.name, f".{domain}" if domain else (parts.hostname or ""), path
