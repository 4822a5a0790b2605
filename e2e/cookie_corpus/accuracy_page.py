"""The measured accuracy as text: a table for the terminal and for `docs/audit-accuracy.md`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cookie_corpus.scoring import KindScore, Sheet, scores

HEADING = "## As measured\n"
"""What is below it is written by `scripts/bench audit --page`."""


@dataclass
class Measurement:
    """What a run measured of one tool."""

    tool: str
    sheets: list[Sheet] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Sites that were not measured, and why, a sentence each."""


def text_of(measured: Measurement) -> str:
    """The table, what was false and what was missed, for a terminal."""
    rows = [("kind", "true", "right", "false", "missed", "precision", "recall"), *map(_row, scores(measured.sheets))]
    table = [f"{row[0]:26}" + "".join(f"{cell:>11}" for cell in row[1:]) for row in rows]
    return "\n".join([f"{measured.tool}: {_counted(measured.sheets)}", *table, *_told(measured)])


def page_of(page: str, measurements: Sequence[Measurement], when: str) -> str:
    """The page with these tables below its heading, in place of what stood there."""
    parts = [f"{page.partition(HEADING)[0]}{HEADING}", f"`scripts/bench audit`, {when}.", ""]
    for measured in measurements:
        parts += [f"### {measured.tool}", "", f"{_counted(measured.sheets)}.", ""]
        parts += [
            "| kind of finding | true | right | false | missed | precision | recall |",
            "|---|---|---|---|---|---|---|",
        ]
        parts += [f"| {' | '.join(_row(score))} |" for score in scores(measured.sheets)]
        parts += ["", *(f"- {line}" for line in _told(measured)), ""]
    return "\n".join(parts).rstrip() + "\n"


def _row(score: KindScore) -> tuple[str, ...]:
    counts = (score.truths, score.right, score.false, score.missed)
    return (score.kind, *map(str, counts), _share(score.precision), _share(score.recall))


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.2f}"


def _counted(sheets: Sequence[Sheet]) -> str:
    by_engine = {engine: sum(each.engine == engine for each in sheets) for engine in ("chromium", "firefox")}
    return ", ".join(f"{count} sites in {engine.title()}" for engine, count in by_engine.items() if count)


def _told(measured: Measurement) -> list[str]:
    """What was false, what was missed, and what was left out."""
    lines = []
    for each in measured.sheets:
        for words, facts in (("false", each.false), ("missed", each.missed)):
            lines += [
                f"{words}: {each.site}, {each.engine}: {kind} {subject or '(banner)'}"
                for kind, subject in sorted(facts)
            ]
    return [*lines, *(f"left out: {each}" for each in measured.left_out)]
