"""What is true of a site by what a visitor saw of it: the findings that an audit has to make, in its own words.

Pure functions over `SeenSite`. Which trace needs consent, and for what, is the one thing that the table has to tell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cookie_corpus.table import NECESSARY, CorpusSite, Trace
from cookie_corpus.visitor import SeenSite, SeenState
from cookie_harness import JarCookie, same_site_matches

THIRTEEN_MONTHS = 396 * 24 * 3600.0
"""Seconds (CNIL recommendation 2020-092)."""
_ROUNDING = 24 * 3600.0
WORKER = "/"
"""The subject of a finding about the service worker: its scope."""
BANNER = ""
"""The subject of a finding about the banner itself."""

Fact = tuple[str, str]
"""A kind of finding, and its subject."""


@dataclass(frozen=True)
class Facts:
    """What is true of a site in one browser."""

    asked_for: frozenset[Fact]
    """What an audit has to find."""
    also: frozenset[Fact]
    """What is true too, and nobody has to find: it follows from something that is asked for."""


def facts_of(site: CorpusSite, seen: SeenSite, now: float) -> Facts:
    """What is true of a site that was seen; `now` is when, in seconds since the epoch."""
    true = frozenset(
        (
            *_of_traces(site, seen),
            *_of_banner(site, seen),
            *_of_declarations(site, seen, now),
            *_too_long(seen, now),
        )
    )
    also = frozenset(each for each in true if follows(site, each))
    return Facts(true - also, also)


def follows(site: CorpusSite, fact: Fact) -> bool:
    """Whether a finding says no more than another one that is asked for, so that nobody has to make it.

    Of a cookie that is called necessary and is not, that is the finding. What is there without any answer is there too
    when another purpose is allowed alone. And a service worker is kept by the browser as well as the cookie it brings.
    """
    kind, subject = fact
    if ("not-necessary", subject) in site.truths_in("") and kind != "not-necessary":
        return True
    traces = [each for each in site.traces if each.purpose != NECESSARY and "undecided" in each.states]
    if kind == "purpose-ignored":
        return subject in {each.name for each in traces}
    is_of_worker = subject == WORKER and kind in {"store-before-consent", "gpc-ignored"}
    return is_of_worker and any(each.by == "worker" for each in traces)


def _of_traces(site: CorpusSite, seen: SeenSite) -> Iterator[Fact]:
    for trace in site.traces:
        if trace.purpose == NECESSARY:
            continue
        for state, kept, sent in _BY_STATE:
            there = seen.states.get(state)
            if there and _is_kept(trace, there):
                yield (kept if trace.store == "cookie" or state != "undecided" else "store-before-consent"), trace.name
            if there and sent and trace.store == "cookie" and trace.name in there.sent:
                yield sent, trace.name
        if trace.host and trace.store == "cookie" and trace.host in seen.states["undecided"].hosts:
            yield "other-host-before-consent", trace.host
        if trace.name in seen.revived:
            yield "revived", trace.name
        if _is_brought_by_another_purpose(trace, seen):
            yield "purpose-ignored", trace.name


# What a trace that needs consent must not do in a state: be there, and be sent.
_BY_STATE = (
    ("undecided", "before-consent", None),
    ("gpc", "gpc-ignored", None),
    ("refused", "refusal-ignored", "sent-after-refusal"),
    ("withdrawn", "kept-after-withdrawal", "sent-after-withdrawal"),
)


def _is_brought_by_another_purpose(trace: Trace, seen: SeenSite) -> bool:
    alone = ((name.removeprefix("alone:"), each) for name, each in seen.states.items() if name.startswith("alone:"))
    return any(_is_kept(trace, each) for purpose, each in alone if purpose != trace.purpose)


def _is_kept(trace: Trace, there: SeenState) -> bool:
    if trace.store == "cookie":
        return trace.name in there.kept
    return (trace.store, trace.name) in there.stored


def _of_banner(site: CorpusSite, seen: SeenSite) -> Iterator[Fact]:
    steps = site.steps
    if steps.accept and (not steps.refuse or len(steps.refuse) > len(steps.accept)):
        yield "refusal-harder", BANNER
    if steps.accept and not steps.withdraw:
        yield "no-withdrawal", BANNER
    if seen.ticked:
        yield "preticked", BANNER
    if not seen.is_usable:
        yield "wall", BANNER


def _too_long(seen: SeenSite, now: float) -> Iterator[Fact]:
    for there in seen.states.values():
        for each in there.jar:
            if (each.lives_for(now) or 0) > THIRTEEN_MONTHS + _ROUNDING:
                yield "too-long", each.name


def _of_declarations(site: CorpusSite, seen: SeenSite, now: float) -> Iterator[Fact]:
    if site.declares is None:
        return
    declared: dict[str, Mapping[str, Any]] = {each["name"]: each for each in site.declares}
    for there in seen.states.values():
        for cookie in there.jar:
            if (declaration := declared.get(cookie.name)) is None:
                yield "undeclared", cookie.name
            elif not _is_as_declared(cookie, declaration, now):
                yield "not-as-declared", cookie.name
    for trace in site.traces:
        if trace.purpose != NECESSARY and declared.get(trace.name, {}).get("purpose") == NECESSARY:
            yield "not-necessary", trace.name


def _is_as_declared(cookie: JarCookie, declaration: Mapping[str, Any], now: float) -> bool:
    promised = declaration.get("lifetime")
    lives = cookie.lives_for(now)
    is_short_enough = lives is None or (promised is not None and lives <= promised + _ROUNDING)
    return (
        is_short_enough
        and cookie.http_only == declaration.get("http_only", False)
        and cookie.secure == declaration.get("secure", False)
        and same_site_matches(cookie.same_site, declaration.get("same_site", "Lax"))
    )
