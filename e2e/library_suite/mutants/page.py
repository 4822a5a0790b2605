"""The score of each part, and its survivors, as `docs/mutants.md` has them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from library_suite.mutants.fates import Fate, MutantFate
from library_suite.mutants.left_out import RULES
from library_suite.mutants.mutants import Mutant
from library_suite.mutants.records import MutantRecords
from library_suite.mutants.sample import SEED, drawn
from library_suite.mutants.survivors import FILE, Explanation, explained

PAGE = Path("docs/mutants.md")
"""From the root. What is above the heading is written by hand."""
HEADING = "## The score\n"


@dataclass(frozen=True)
class PartScore:
    """What became of a part's mutants, as far as they were tried."""

    name: str
    records: MutantRecords
    mutants: Mapping[str, Mutant]
    explanations: Collection[Explanation]

    @property
    def survivors(self) -> list[tuple[Mutant, MutantFate, str]]:
        """Each with what is known of it and its explanation, by path and line."""
        alive = [(self.mutants[fate.key], fate) for fate in self._known() if fate.fate is Fate.SURVIVED]
        alive.sort(key=lambda each: (each[0].path, each[0].line, each[0].becomes))
        return [(mutant, fate, explained(mutant, self.explanations)) for mutant, fate in alive]

    @property
    def row(self) -> str:
        """A row of the table."""
        counts = Counter(fate.fate for fate in self._known())
        tried = counts.total()
        explained_ones = sum(bool(why) for _mutant, _fate, why in self.survivors)
        killed = counts[Fate.KILLED] + counts[Fate.TIMED_OUT]
        score = _share(killed, tried - explained_ones)
        cells = (
            *(len(self.mutants), tried, counts[Fate.KILLED], counts[Fate.TIMED_OUT], explained_ones),
            *(tried - killed - explained_ones, score, *self._drawn()),
        )
        return f"| {self.name} | {' | '.join(map(str, cells))} | {self.records.when} |"

    def _drawn(self) -> tuple[int, str]:
        """How many of those that were tried had been drawn, and the share of them that was killed at first sight."""
        first = {key: fate for key, fate in self.records.first.items() if key in self.mutants}
        tried = [key for key in drawn(self.mutants, self.records.drawn) if key in first]
        counted = [
            key
            for key in tried
            if first[key] is not Fate.SURVIVED or not explained(self.mutants[key], self.explanations)
        ]
        return len(tried), _share(sum(first[key] is not Fate.SURVIVED for key in counted), len(counted))

    def _known(self) -> list[MutantFate]:
        return [fate for key, fate in self.records.fates.items() if key in self.mutants]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def table(scores: Collection[PartScore]) -> str:
    """All parts."""
    titles = (
        "| part | mutants | tried | killed | timed out | explained | survived | score | drawn | at first | last run |"
    )
    return "\n".join([titles, "|" + "---|" * 11, *(score.row for score in scores)]) + "\n"


LEGEND = f"""\
*Score*: how many of those that were tried, without the explained ones, are killed today. *Drawn*: so many of those that
were tried had been drawn at random from all files of the part (`--sample`, seed {SEED}); the others were tried file by
file. *At first*: how many of the drawn ones were killed before a test was written for those that survived; that is what
to expect of the mutants that nobody has tried.
"""


def page_of(page: str, scores: Collection[PartScore]) -> str:
    """The page with this table below its heading, in place of what stood there, and all survivors."""
    written_by_hand, _heading, _old = page.partition(HEADING)
    rules = "".join(f"- **{name}**: {why}\n" for name, why in RULES.items())
    survivors = "".join(map(_survivors_of, scores))
    parts = [
        f"{written_by_hand}{HEADING}",
        table(scores),
        LEGEND,
        f"## What is not mutated\n\n{rules}",
        f"## The survivors\n\n{EXPLAINED}\n{survivors}",
    ]
    return "\n".join(parts).rstrip() + "\n"


def _survivors_of(score: PartScore) -> str:
    if not score.survivors:
        return ""
    changes = "\n".join(_change_of(mutant, fate) for mutant, fate, why in score.survivors if not why)
    places = Counter((mutant.path, mutant.scope, why) for mutant, _fate, why in score.survivors if why)
    reasons = "".join(
        f"- `{path}`{f', `{scope}`' if scope else ''} ({number}): {why}\n"
        for (path, scope, why), number in places.items()
    )
    return f"### {score.name}\n\n" + "\n".join(filter(None, (changes and f"```diff\n{changes}```\n", reasons))) + "\n"


def _change_of(mutant: Mutant, fate: MutantFate) -> str:
    where = f"{mutant.path}:{mutant.line}{f' in {mutant.scope}' if mutant.scope else ''}"
    return f"@@ {where}: {fate.by or 'not explained yet'}\n- {_cut(mutant.was)}\n+ {_cut(mutant.becomes)}\n"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


EXPLAINED = f"""\
The changes that somebody should still look at, and then the number of those that [are explained](../{FILE}), with the
reason.
"""

LONGEST = 160
"""Characters of a line that the page shows."""
