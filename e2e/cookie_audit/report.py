"""The whole audit: what each browser saw, and the verdicts on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cookie_audit.judge import CookieVerdict, JudgedCookie, JudgedState, worst
from cookie_audit.kinds import Finding
from cookie_audit.observation import NotRun
from cookie_harness import Engine

# Characters of a name or an address, and of a sentence with such in it, that a report shows: they are somebody else's
# words.
TEXT_LENGTH = 120
SENTENCE_LENGTH = 480
NOT_RUN = "not run"


@dataclass(frozen=True)
class EngineAudit:
    """One browser's walk through all states."""

    engine: Engine
    states: tuple[JudgedState, ...]


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

    def findings(self) -> tuple[Finding, ...]:
        """All that is not as it should be."""
        return tuple(
            finding
            for audit in self.engines
            for judged in audit.states
            for finding in judged.findings(audit.engine.name)
        )


def finding_in_words(finding: Finding) -> str:
    """A finding on one line: the browser, the state, and the evidence."""
    return f"{finding.engine}, {finding.state}: {plain(finding.sentence, SENTENCE_LENGTH)}"


@dataclass(frozen=True)
class AuditRow:
    """One cookie, or one item of another store, through all states of one browser; None where it was not seen."""

    title: str
    purpose: str
    verdicts: tuple[CookieVerdict | None, ...]


def rows(audit: EngineAudit) -> Iterator[AuditRow]:
    """The table of one browser: a row for each name and host, a column for each state."""
    cookies = sorted({(each.name, each.domain): each for judged in audit.states for each in judged.cookies}.items())
    for (name, domain), example in cookies:
        verdicts = tuple(_verdict(judged.cookies, name, domain) for judged in audit.states)
        yield AuditRow(plain(f"{name} ({domain})"), plain(example.purpose or "–"), verdicts)
    items = sorted({(each.store, each.key) for judged in audit.states for each in judged.stored})
    for store, key in items:
        there = tuple((store, key) in {(each.store, each.key) for each in judged.stored} for judged in audit.states)
        yield AuditRow(
            plain(f"{store}: {key}"), "–", tuple(CookieVerdict.UNDECLARED if each else None for each in there)
        )


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


def cell(judged: JudgedState, verdict: CookieVerdict | None) -> str:
    """What a table says of one thing in one state."""
    if isinstance(judged.seen, NotRun):
        return NOT_RUN
    return verdict.value if verdict else "–"


def _verdict(cookies: tuple[JudgedCookie, ...], name: str, domain: str) -> CookieVerdict | None:
    found = [each.verdict for each in cookies if (each.name, each.domain) == (name, domain)]
    return worst(found) if found else None


def plain(text: str, length: int | None = TEXT_LENGTH) -> str:
    """Somebody else's words on one line: control characters are spelt out, and what is too long is cut off."""
    printable = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
    return printable if length is None or len(printable) <= length else f"{printable[:length]}…"
