"""What is known of the mutants, kept between runs, so that an interrupted run goes on where it ended."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from library_suite.mutants.fates import Fate, MutantFate


@dataclass
class MutantRecords:
    """One file for a part, a line for a mutant: the last one counts.

    A change of the line that was mutated makes it another mutant.
    """

    file: Path
    fates: dict[str, MutantFate] = field(default_factory=dict)
    first: dict[str, Fate] = field(default_factory=dict)
    """What each came to when it was tried for the first time, before a test was written for it."""
    when: str = "never"
    """The date and the commit of the latest run."""
    drawn: int = 0
    """How many have been drawn at random, in the largest sample so far."""

    @classmethod
    def read(cls, file: Path) -> "MutantRecords":
        records = cls(file)
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                said = json.loads(line)
                if "when" in said:
                    records.when = said["when"]
                    records.drawn = max(records.drawn, said.get("drawn", 0))
                else:
                    records._know(MutantFate(said["key"], Fate(said["fate"]), said["by"]))
        return records

    def add(self, fate: MutantFate) -> None:
        """Keep it at once: a session may end any moment."""
        self._know(fate)
        self._write(asdict(fate))

    def note_run(self, when: str, drawn: int) -> None:
        """Keep the date and the commit of a run that came to its end, and how many mutants it drew."""
        self.when = when
        self.drawn = max(self.drawn, drawn)
        self._write({"when": when, "drawn": drawn})

    def forget(self) -> None:
        """Begin anew."""
        self.fates.clear()
        self.first.clear()
        self.drawn = 0
        self.file.unlink(missing_ok=True)

    def _know(self, fate: MutantFate) -> None:
        self.fates[fate.key] = fate
        self.first.setdefault(fate.key, fate.fate)

    def _write(self, said: Mapping[str, str | int]) -> None:
        with self.file.open("a", encoding="utf-8") as kept:
            kept.write(f"{json.dumps(said, ensure_ascii=False)}\n")

    def unknown(self, keys: Iterable[str]) -> list[str]:
        """The mutants that nothing is known of."""
        return [key for key in keys if key not in self.fates]

    def survivors(self, keys: Iterable[str]) -> list[str]:
        """The mutants that no test has noticed so far."""
        return [key for key in keys if key in self.fates and self.fates[key].fate is Fate.SURVIVED]
