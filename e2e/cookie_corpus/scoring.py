"""How often a tool is right: what it found on the corpus beside what is true of it. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cookie_corpus.facts import Fact, follows
from cookie_corpus.table import CorpusSite


@dataclass(frozen=True)
class Sheet:
    """What a tool made of one site in one browser."""

    site: str
    engine: str
    right: frozenset[Fact]
    false: frozenset[Fact]
    missed: frozenset[Fact]


@dataclass(frozen=True)
class KindScore:
    """How often a tool was right about one kind of finding, or about all of them."""

    kind: str
    right: int
    false: int
    missed: int

    @property
    def truths(self) -> int:
        """How often it is true of the corpus."""
        return self.right + self.missed

    @property
    def precision(self) -> float | None:
        """The share of what was found that is true; None if nothing was found."""
        found = self.right + self.false
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """The share of what is true that was found; None if nothing is."""
        return self.right / self.truths if self.truths else None


def compared(site: CorpusSite, engine: str, found: Iterable[Fact], kinds: frozenset[str] | None = None) -> Sheet:
    """Lay what was found beside the truth; a tool that claims some `kinds` alone is asked for those alone."""
    said = frozenset(found)
    true = frozenset(each for each in site.truths_in(engine) if kinds is None or each[0] in kinds)
    false = frozenset(each for each in said - true if not follows(site, each))
    return Sheet(site.name, engine, said & true, false, true - said)


def scores(sheets: Sequence[Sheet]) -> list[KindScore]:
    """One score for each kind that is true or was found somewhere, by name, and one for all of them."""
    kinds = sorted({kind for each in sheets for kind, _ in each.right | each.false | each.missed})
    return [
        *(KindScore(kind, *(_count(sheets, which, kind) for which in _PARTS)) for kind in kinds),
        KindScore("all", *(_count(sheets, which, None) for which in _PARTS)),
    ]


_PARTS = ("right", "false", "missed")


def _count(sheets: Sequence[Sheet], part: str, kind: str | None) -> int:
    facts: list[frozenset[Fact]] = [getattr(each, part) for each in sheets]
    return sum(1 for each in facts for one, _ in each if kind in {None, one})
