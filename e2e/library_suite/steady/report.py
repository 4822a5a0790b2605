"""What the rounds showed: lines for the terminal, JSON, and a row for each load in docs/steady.md."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cookie_evidence.comparison import Difference, in_words
from library_suite.steady.rounds import Round

PAGE = "docs/steady.md"
HEADING = "## The latest runs\n"
_HEAD = """| under | when | what ran | rounds | in each | verdicts that changed | seen otherwise |
|---|---|---|---|---|---|---|"""


@dataclass(frozen=True)
class SteadyRun:
    """Rounds of one selection under one load."""

    date: str
    commit: str
    cores: int
    selection: tuple[str, ...]
    """What pytest was told to run; empty: all of the browser suite."""
    engines: tuple[str, ...]
    rounds: tuple[Round, ...]


def lines_of(number: int, one: Round) -> list[str]:
    """A round in a line, and below it whatever it showed that the calm one did not."""
    head = f"{one.load.value} {number}: {one.tests} tests, {one.verdicts} verdicts, {_changes(one.changed)}"
    head += f", {len(one.seen_otherwise)} seen otherwise, {one.seconds:.0f} s"
    if one.busy is not None:
        head += f"; the busy process had {one.busy:.0%} of its core"
    return [head, *(f"  {each.kind}: {in_words(each)}{_place(each)}" for each in [*one.changed, *one.seen_otherwise])]


def as_json(run: SteadyRun) -> str:
    """All that is known."""
    plain = {**asdict(run), "rounds": [{**asdict(each), "load": each.load.value} for each in run.rounds]}
    return json.dumps({"format": "steady/1", **plain, "row": row_of(run)}, indent=1, ensure_ascii=False)


def sentence_of(run: SteadyRun) -> str:
    """The run in a sentence, with its date and commit."""
    held = sum(each.held for each in run.rounds)
    under = run.rounds[0].load.sentence
    return f"On {run.date} at {run.commit}: with {under}, every verdict held in {held} of {len(run.rounds)} rounds."


def row_of(run: SteadyRun) -> str:
    """The run's row in the docs."""
    one = run.rounds[0]
    under = one.load.sentence
    if shares := [each.busy for each in run.rounds if each.busy is not None]:
        least, most = f"{min(shares):.0%}", f"{max(shares):.0%}"
        under += f" (the busy process had {least if least == most else f'{least} to {most}'} of it)"
    cells = (
        under,
        f"{run.date} at {run.commit}, {run.cores} cores; {', '.join(map(_short, run.engines))}",
        ", ".join(f"`{each}`" for each in run.selection) or "all of it",
        str(len(run.rounds)),
        f"{one.tests} tests, {one.verdicts} verdicts",
        str(sum(len(each.changed) for each in run.rounds)),
        str(sum(len(each.seen_otherwise) for each in run.rounds)),
    )
    return f"| {' | '.join(cells)} |"


def page_of(page: str, runs: Sequence[Mapping[str, Any]]) -> str:
    """The page with a row for each of these runs below its heading, in place of what stood there."""
    written_by_hand, _heading, _old_table = page.partition(HEADING)
    return "\n".join([f"{written_by_hand}{HEADING}", _HEAD, *(run["row"] for run in runs), ""])


def _short(engine: str) -> str:
    """An engine by its name and version, without where it was found."""
    return engine.partition(",")[0]


def _changes(changed: Sequence[Difference]) -> str:
    return f"{len(changed)} changed" if changed else "none changed"


def _place(difference: Difference) -> str:
    where = difference.test and f"{difference.test}, browser {difference.browser}"
    return f" ({where})" if difference.browser else ""
