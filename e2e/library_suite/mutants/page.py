"""The score of each part, and its survivors, as `docs/mutants.md` has them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from library_suite.mutants.fates import Fate, MutantFate
from library_suite.mutants.left_out import RULES
from library_suite.mutants.mutants import Mutant
from library_suite.mutants.survivors import Explanation, explained

PAGE = Path("docs/mutants.md")
"""From the root. What is above the heading is written by hand."""
HEADING = "## The score\n"


@dataclass(frozen=True)
class PartScore:
    """What became of a part's mutants, with the date and the commit of the run that said so last."""

    name: str
    judged: Mapping[str, MutantFate]
    mutants: Mapping[str, Mutant]
    when: str
    explanations: Collection[Explanation]

    @property
    def counts(self) -> Counter[Fate]:
        return Counter(fate.fate for fate in self._known())

    @property
    def survivors(self) -> list[tuple[Mutant, MutantFate, str]]:
        """Each with what is known of it and its explanation, by path and line."""
        alive = [(self.mutants[fate.key], fate) for fate in self._known() if fate.fate is Fate.SURVIVED]
        alive.sort(key=lambda each: (each[0].path, each[0].line, each[0].becomes))
        return [(mutant, fate, explained(mutant, self.explanations)) for mutant, fate in alive]

    @property
    def row(self) -> str:
        """A row of the table. The score: how many of those that nobody has explained were killed."""
        counts = self.counts
        total = counts.total()
        explained_ones = sum(bool(why) for _mutant, _fate, why in self.survivors)
        killed = counts[Fate.KILLED] + counts[Fate.TIMED_OUT]
        open_ones = total - killed - explained_ones
        score = f"{100 * killed / (total - explained_ones):.1f} %" if total > explained_ones else "–"
        waiting = len(self.mutants) - total
        numbers = (total, counts[Fate.KILLED], counts[Fate.TIMED_OUT], explained_ones, open_ones, score, waiting)
        return f"| {self.name} | {' | '.join(map(str, numbers))} | {self.when} |"

    def _known(self) -> list[MutantFate]:
        return [fate for key, fate in self.judged.items() if key in self.mutants]


def table(scores: Collection[PartScore]) -> str:
    """All parts."""
    titles = "| part | mutants | killed | timed out | explained | survived | score | not tried | last run |"
    return "\n".join([titles, "|" + "---|" * 9, *(score.row for score in scores)]) + "\n"


def page_of(page: str, scores: Collection[PartScore]) -> str:
    """The page with this table below its heading, in place of what stood there, and all survivors."""
    written_by_hand, _heading, _old = page.partition(HEADING)
    rules = "".join(f"- **{name}**: {why}\n" for name, why in RULES.items())
    survivors = "".join(map(_survivors_of, scores))
    parts = [
        f"{written_by_hand}{HEADING}",
        table(scores),
        f"## What is not mutated\n\n{rules}",
        f"## The survivors\n\n{survivors}",
    ]
    return "\n".join(parts).rstrip() + "\n"


def _survivors_of(score: PartScore) -> str:
    if not score.survivors:
        return ""
    changes = "\n".join(_change_of(*each) for each in score.survivors)
    return f"### {score.name}\n\n```diff\n{changes}```\n\n"


def _change_of(mutant: Mutant, fate: MutantFate, why: str) -> str:
    where = f"{mutant.path}:{mutant.line}{f' in {mutant.scope}' if mutant.scope else ''}"
    return f"@@ {where}: {why or fate.by or 'not explained yet'}\n- {_cut(mutant.was)}\n+ {_cut(mutant.becomes)}\n"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


LONGEST = 160
"""Characters of a line that the page shows."""
