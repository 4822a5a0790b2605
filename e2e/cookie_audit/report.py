"""The whole audit: what each browser saw, and the verdicts on it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cookie_audit.findings import JudgedSite, writer_of
from cookie_audit.judge import JudgedState, JudgedThing
from cookie_audit.kinds import Finding, FindingKind
from cookie_audit.known import COOKIE
from cookie_audit.observation import NotRun, Observation, Press
from cookie_harness import Engine
from cookie_harness.masking import masked

# Characters of a name or an address, and of a sentence with such in it, that a report shows: they are somebody else's
# words.
TEXT_LENGTH = 120
SENTENCE_LENGTH = 480
NOT_RUN = "not run"
MOST_WEIGHTY = 5

_VALUE_IN_ADDRESS = re.compile(r"([?&][^=&\s?]{1,80}=)([^&\s#;,)]+)")

# What a person who decides has to know first.
_BY_WEIGHT = (
    FindingKind.REFUSAL_IGNORED,
    FindingKind.SENT_AFTER_WITHDRAWAL,
    FindingKind.BEFORE_CONSENT,
    FindingKind.OTHER_HOST_BEFORE_CONSENT,
    FindingKind.NOT_NECESSARY,
    FindingKind.STORE_BEFORE_CONSENT,
    FindingKind.KEPT_AFTER_WITHDRAWAL,
    FindingKind.SENT_AFTER_REFUSAL,
    FindingKind.REVIVED,
    FindingKind.NO_WITHDRAWAL,
    FindingKind.REFUSAL_HARDER,
    FindingKind.PRETICKED,
    FindingKind.WALL,
    FindingKind.PURPOSE_IGNORED,
    FindingKind.UNDECLARED,
    FindingKind.GPC_IGNORED,
    FindingKind.TOO_LONG,
    FindingKind.NOT_AS_DECLARED,
)


@dataclass(frozen=True)
class EngineAudit:
    """One browser's walk through all states."""

    engine: Engine
    site: JudgedSite

    @property
    def states(self) -> tuple[JudgedState, ...]:
        """Each state, judged."""
        return self.site.states

    @property
    def presses(self) -> tuple[tuple[str, Press], ...]:
        """The buttons that were pressed, with the state that it led to."""
        return tuple((each.title, press) for each in self.states for press in getattr(each.seen, "presses", ()))


@dataclass(frozen=True)
class Report:
    """The audit of one site."""

    url: str
    made_at: datetime
    pages: int
    """How many pages each crawl opened at most."""
    declarations: str | None
    """Where the declarations stand; None where there are none."""
    engines: tuple[EngineAudit, ...]
    known_before: frozenset[tuple[str, ...]] = frozenset()
    """Identities of the findings of an earlier audit, which do not count again."""

    def findings(self) -> tuple[Finding, ...]:
        """All that is not as it should be."""
        return tuple(finding for audit in self.engines for finding in audit.site.findings)

    def new_findings(self) -> tuple[Finding, ...]:
        """Those that an earlier audit did not have."""
        return tuple(each for each in self.findings() if tuple(map(plain, each.identity)) not in self.known_before)

    def cut_short(self) -> tuple[str, ...]:
        """The crawls that ended before their end, and why, a sentence each: what was found is not all."""
        return tuple(
            f"{audit.engine.name}, {state.title}: {state.cut_short}"
            for audit in self.engines
            for state in audit.states
            if state.cut_short
        )

    def notes(self) -> tuple[str, ...]:
        """What is worth knowing and is no finding."""
        return tuple(dict.fromkeys(note for audit in self.engines for note in audit.site.notes))


def finding_in_words(finding: Finding) -> str:
    """A finding on one line: its kind, the browser, the state, and the evidence."""
    return f"{finding.kind.value}: {finding.engine}, {finding.state}: {plain(finding.sentence, SENTENCE_LENGTH)}"


@dataclass(frozen=True)
class Weighty:
    """Findings of one kind, as one thing to decide about."""

    kind: FindingKind
    subjects: tuple[str, ...]
    example: Finding


def weighty(findings: Iterable[Finding]) -> tuple[Weighty, ...]:
    """The kinds that matter most, each with all that it was found of."""
    found: dict[FindingKind, list[Finding]] = {}
    for each in findings:
        found.setdefault(each.kind, []).append(each)
    heaviest = sorted(found, key=_BY_WEIGHT.index)[:MOST_WEIGHTY]
    return tuple(
        Weighty(kind, tuple(dict.fromkeys(each.subject for each in found[kind] if each.subject)), found[kind][0])
        for kind in heaviest
    )


@dataclass(frozen=True)
class AuditCell:
    """What a table says of one thing in one state."""

    text: str
    look: str
    """`good`, `bad`, or `quiet` for nothing."""


@dataclass(frozen=True)
class AuditRow:
    """One cookie, or one item of another store, through all states of one browser."""

    title: str
    purpose: str
    cells: tuple[AuditCell, ...]


def rows(audit: EngineAudit) -> Iterator[AuditRow]:
    """The table of one browser: a row for each name and host, a column for each state."""
    things = {
        (each.store != COOKIE, each.store, each.name, each.host): each
        for state in audit.states
        for each in state.things
    }
    for (_, store, name, host), example in sorted(things.items(), key=lambda pair: pair[0]):
        cells = tuple(_cell(state, store, name, host) for state in audit.states)
        title = f"{name} ({host})" if store == COOKIE else f"{store}: {name}" + (f" ({host})" if host else "")
        yield AuditRow(plain(title), plain(example.necessity.purpose or "–"), cells)


def _cell(state: JudgedState, store: str, name: str, host: str) -> AuditCell:
    if not state.was_run:
        return AuditCell(NOT_RUN, "quiet")
    found = [each for each in state.things if (each.store, each.name, each.host) == (store, name, host)]
    kinds = dict.fromkeys(kind for each in found for kind in each.kinds)
    if kinds:
        return AuditCell(", ".join(kind.value for kind in kinds), "bad")
    return AuditCell("allowed", "good") if found else AuditCell("–", "quiet")


@dataclass(frozen=True)
class Count:
    """How many there were of something in each state of one browser; "not run" where nobody looked."""

    title: str
    numbers: tuple[str, ...]


def counts(audit: EngineAudit) -> tuple[Count, ...]:
    """The foot of one browser's table."""
    seen = [judged.seen for judged in audit.states]
    pages = tuple(NOT_RUN if isinstance(each, NotRun) else str(len(each.pages)) for each in seen)
    hosts = tuple(NOT_RUN if isinstance(each, NotRun) else str(len(each.other_hosts)) for each in seen)
    return Count("pages opened", pages), Count("other hosts asked", hosts)


@dataclass(frozen=True)
class ThingSource:
    """One cookie or item, for a developer: what sets it, and what it is taken for."""

    thing: JudgedThing
    by: str
    kinds: tuple[FindingKind, ...]
    seen_at: float
    """When, in seconds since the epoch."""


def sources(audit: EngineAudit) -> tuple[ThingSource, ...]:
    """Each cookie and item of one browser once, as it was first seen, with all that is wrong with it."""
    found: dict[tuple[str, str, str], list[tuple[JudgedThing, float]]] = {}
    for state in audit.states:
        for each in state.things:
            at = state.seen.at if isinstance(state.seen, Observation) else 0.0
            found.setdefault((each.store, each.name, each.host), []).append((each, at))
    return tuple(_source(things, audit.states) for _, things in sorted(found.items(), key=lambda pair: pair[0]))


def _source(things: list[tuple[JudgedThing, float]], states: tuple[JudgedState, ...]) -> ThingSource:
    thing, at = next(((each, at) for each, at in things if each.kept), things[0])
    kinds = dict.fromkeys(kind for each, _ in things for kind in each.kinds)
    return ThingSource(thing, writer_of(thing, states), tuple(kinds), at)


def plain(text: str, length: int | None = TEXT_LENGTH) -> str:
    """Somebody else's words on one line: control characters are spelt out, and what is too long is cut off.

    Values in addresses are masked as those of cookies are: they may be the same.
    """
    text = _VALUE_IN_ADDRESS.sub(lambda found: f"{found[1]}{masked(found[2])}", text)
    printable = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
    return printable if length is None or len(printable) <= length else f"{printable[:length]}…"
