"""Puts together what is wrong with a site in one browser: pure functions from what was seen and judged to findings."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from cookie_audit.declared import Declared
from cookie_audit.judge import JudgedState, JudgedThing, judge
from cookie_audit.kinds import Finding, FindingKind
from cookie_audit.known import COOKIE, known
from cookie_audit.necessity import NECESSARY, Place, Rules, answers_in
from cookie_audit.observation import ConsentState, Observation, OtherHost, SiteSeen
from cookie_audit.parties import same_party
from cookie_audit.words import in_small_letters, purpose_of

# Characters: less than that is no content to be kept from anybody.
_A_SENTENCE = 100
# What does not depend on the visitor's answer is said once.
_ONCE = (FindingKind.TOO_LONG, FindingKind.NOT_NECESSARY, FindingKind.REVIVED)


@dataclass(frozen=True)
class JudgedSite:
    """One browser's visits, with the verdicts."""

    seen: SiteSeen
    states: tuple[JudgedState, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    """What is worth knowing and is no finding."""


def judged_site(seen: SiteSeen, declared: Declared | None, engine: str) -> JudgedSite:
    """Judge all that one browser saw; `declared` is None for a site that declares nothing."""
    rules = rules_for(seen, declared)
    states = tuple(judge(each, rules) for each in seen.states)
    findings = (
        *_of_things(states, seen, engine),
        *_of_hosts(states, rules, engine),
        *_of_purposes(states, engine),
        *_of_banner(seen, engine),
    )
    return JudgedSite(seen, states, findings, tuple(dict.fromkeys(_notes(states, rules))))


def rules_for(seen: SiteSeen, declared: Declared | None) -> Rules:
    """What the cookies and items of a site are judged by."""
    names = {each.cookie.name for state in seen.states if isinstance(state, Observation) for each in state.jar}
    locked = [each.text for each in seen.banner.boxes if each.locked and each.checked] if seen.banner else []
    claimed = frozenset(name for name in names if any(_names(text, name) for text in locked))
    host = urlsplit(seen.start).hostname or ""
    return Rules(host, declared or Declared((), {}), declared is not None, known(), answers_in(seen.states), claimed)


def writer_of(thing: JudgedThing, states: tuple[JudgedState, ...]) -> str:
    """Who set a cookie or an item first: the response, or the script with line and column; "" if nobody can tell."""
    for state in states:
        if not isinstance(state.seen, Observation):
            continue
        for other in state.things:
            if (other.store, other.name, other.host) == (thing.store, thing.name, thing.host) and other.line:
                return f"Set-Cookie of {other.line.url}"
        for written in state.seen.writes:
            is_cookie = written.store in ("document.cookie", "cookieStore")
            if written.name == thing.name and (is_cookie if thing.store == COOKIE else written.store == thing.store):
                return written.by or f"a script of {written.page}"
    return ""


def _of_things(states: tuple[JudgedState, ...], seen: SiteSeen, engine: str) -> Iterator[Finding]:
    said: set[tuple[FindingKind, str, str]] = set()
    for state in states:
        for thing in state.things:
            for kind in thing.kinds:
                once = (kind, thing.name, thing.host)
                if kind in _ONCE and once in said:
                    continue
                said.add(once)
                reasons = "; ".join(dict.fromkeys(why for each, why in thing.complaints if each is kind))
                sentence = f"{thing.title}: {reasons}; first on {thing.first_seen}"
                by = writer_of(thing, states)
                yield Finding(kind, engine, state.title, thing.name, thing.first_seen, sentence, by)


def _of_hosts(states: tuple[JudgedState, ...], rules: Rules, engine: str) -> Iterator[Finding]:
    """Other parties' hosts that are asked although nobody has answered; each once."""
    said: set[str] = set()
    for state in states:
        if state.state is not ConsentState.UNDECIDED or not isinstance(state.seen, Observation):
            continue
        for other in state.seen.other_hosts:
            name = _name_of(other)
            if (why := _complaint_of(other, rules)) and name not in said:
                said.add(name)
                sentence = f"{other.host} was asked: {why}; first on {other.first_seen}"
                kind = FindingKind.OTHER_HOST_BEFORE_CONSENT
                yield Finding(kind, engine, state.title, name, other.first_seen, sentence, other.url)


def _complaint_of(other: OtherHost, rules: Rules) -> str:
    name = _name_of(other)
    if same_party(name, rules.host):
        return ""
    words = []
    if other.sets:
        words.append(f"it sets {', '.join(other.sets)}")
    if other.carried:
        words.append(f"it is sent {', '.join(other.carried)}")
    if tracker := rules.known.tracking_host(name):
        words.append(f"it is of {tracker.owner} ({tracker.source})")
    return " and ".join(words)


def _of_purposes(states: tuple[JudgedState, ...], engine: str) -> Iterator[Finding]:
    """What comes although its purpose is not the one that is allowed: by what is known of it, or with each of them."""
    alone = [each for each in states if each.state is ConsentState.ONE_PURPOSE and isinstance(each.seen, Observation)]
    unasked = {
        (each.store, each.name) for state in states if state.state is ConsentState.UNDECIDED for each in state.things
    }
    labels: dict[Place, list[str]] = {}
    for state in alone:
        for each in state.things:
            if each.necessity.needs_consent and (each.store, each.name) not in unasked:
                labels.setdefault((each.store, each.name), []).append(state.seen.purpose)
    for state in alone:
        for each in state.things:
            with_each = len(alone) > 1 and len(set(labels.get((each.store, each.name), ()))) == len(alone)
            known_other = _serves_another(each.necessity.purpose, state.seen.purpose)
            if (each.store, each.name) in labels and (known_other or (with_each and known_other is None)):
                why = f"its purpose is {each.necessity.purpose}" if known_other else "it comes with each purpose alone"
                sentence = (
                    f"{each.title}: {why}, and “{state.seen.purpose}” alone is allowed; first on {each.first_seen}"
                )
                yield Finding(
                    FindingKind.PURPOSE_IGNORED,
                    engine,
                    state.title,
                    each.name,
                    each.first_seen,
                    sentence,
                    writer_of(each, states),
                )


def _serves_another(purpose: str, label: str) -> bool | None:
    """Whether a known purpose is another than that of a box; None where one of them is not known."""
    if purpose and f" {in_small_letters(purpose)} " in f" {in_small_letters(label)} ":
        return False
    allowed = purpose_of(label)
    if not purpose or allowed is None:
        return None
    return purpose != allowed


def _of_banner(seen: SiteSeen, engine: str) -> Iterator[Finding]:
    undecided = ConsentState.UNDECIDED.value
    if banner := seen.banner:
        buttons = f"its buttons: {', '.join(banner.words)}"
        if banner.accept_clicks and banner.refuse_clicks is None:
            sentence = f"no way to refuse was found on the banner or behind its settings; {buttons}"
            yield Finding(FindingKind.REFUSAL_HARDER, engine, undecided, "", seen.start, sentence)
        elif banner.accept_clicks and banner.refuse_clicks and banner.refuse_clicks > banner.accept_clicks:
            sentence = f"to refuse takes {banner.refuse_clicks} clicks, to accept {banner.accept_clicks}; {buttons}"
            yield Finding(FindingKind.REFUSAL_HARDER, engine, undecided, "", seen.start, sentence)
        ticked = [
            each.label
            for each in banner.boxes
            if each.checked and not each.locked and purpose_of(each.label) != NECESSARY
        ]
        if ticked:
            sentence = f"on before any answer: {', '.join(f'“{each}”' for each in dict.fromkeys(ticked))}"
            yield Finding(FindingKind.PRETICKED, engine, undecided, "", seen.start, sentence)
        if why := banner.covers or hidden_before_a_yes(seen):
            yield Finding(FindingKind.WALL, engine, undecided, "", seen.start, why)
    if seen.withdrawal and not seen.withdrawal.found:
        tried = ", ".join(seen.withdrawal.tried)
        sentence = f"after accepting, {tried} did not lead to one" if tried else "after accepting, nothing is called so"
        sentence = f"no way to take consent back was found: {sentence}"
        yield Finding(FindingKind.NO_WITHDRAWAL, engine, ConsentState.WITHDRAWN.value, "", seen.start, sentence)


def hidden_before_a_yes(seen: SiteSeen) -> str:
    """Whether most of what each page says to those who accept is kept from those who have not answered."""
    pages = {
        each.state: {page.url: page.lines for page in each.pages if page.lines}
        for each in seen.states
        if isinstance(each, Observation)
    }
    before, after = pages.get(ConsentState.UNDECIDED, {}), pages.get(ConsentState.GRANTED, {})
    both = before.keys() & after.keys()
    is_hidden = both and all(
        2 * sum(map(len, after[url] - before[url])) >= max(sum(map(len, after[url])), _A_SENTENCE) for url in both
    )
    return "most of what the pages say is there only after a yes" if is_hidden else ""


def _notes(states: tuple[JudgedState, ...], rules: Rules) -> Iterator[str]:
    for state in states:
        if isinstance(state.seen, Observation) and state.state is ConsentState.UNDECIDED:
            for other in state.seen.other_hosts:
                if not same_party(_name_of(other), rules.host) and not _complaint_of(other, rules):
                    yield f"{other.host} is asked before any answer, without a cookie: it learns the IP address"
    by_rule = {
        each.title
        for state in states
        for each in state.things
        if each.necessity.needs_consent and not each.necessity.purpose
    }
    if by_rule and not rules.has_declarations:
        yield (
            f"judged by rule, as nothing says that they are strictly necessary: {', '.join(sorted(by_rule))};"
            " a file of declarations says otherwise (--declarations)"
        )


def _name_of(other: OtherHost) -> str:
    return urlsplit(f"//{other.host}").hostname or ""


def _names(text: str, name: str) -> bool:
    """Whether a text speaks of a cookie by its name."""
    return name in text.replace(",", " ").replace("(", " ").replace(")", " ").split()
