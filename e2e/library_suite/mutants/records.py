"""What is known of the mutants, kept between runs, so that an interrupted run goes on where it ended."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from library_suite.mutants.fates import Fate, MutantFate
from library_suite.mutants.mutants import Mutant


@dataclass
class MutantRecords:
    """One file for a part, a line for a mutant: the last one counts.

    A change of the line that was mutated makes it another mutant.
    """

    file: Path
    fates: dict[str, MutantFate] = field(default_factory=dict)
    when: str = "never"
    """The date and the commit of the latest run."""

    @classmethod
    def read(cls, file: Path) -> "MutantRecords":
        records = cls(file)
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                said = json.loads(line)
                if "when" in said:
                    records.when = said["when"]
                    continue
                records.fates[said["key"]] = MutantFate(said["key"], Fate(said["fate"]), said["by"])
        return records

    def add(self, fate: MutantFate) -> None:
        """Keep it at once: a session may end any moment."""
        self.fates[fate.key] = fate
        self._write(asdict(fate))

    def note_run(self, when: str) -> None:
        """Keep the date and the commit of a run that came to its end."""
        self.when = when
        self._write({"when": when})

    def forget(self) -> None:
        """Begin anew."""
        self.fates.clear()
        self.file.unlink(missing_ok=True)

    def _write(self, said: Mapping[str, str]) -> None:
        with self.file.open("a", encoding="utf-8") as kept:
            kept.write(f"{json.dumps(said, ensure_ascii=False)}\n")

    def waiting(self, mutants: Mapping[str, Mutant], *, again: bool) -> list[str]:
        """The mutants that nothing is known of; with `again` also those that survived."""
        survived = {key for key, fate in self.fates.items() if fate.fate is Fate.SURVIVED}
        return [key for key in mutants if key not in self.fates or (again and key in survived)]
