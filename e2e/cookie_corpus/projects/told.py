"""What a project is told of its site: a JSON file, whose name is the one argument of its command."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class ToldSite:
    """A site as far as its project has to know it."""

    folder: str
    """Where its pages lie as Django templates, and where its database goes."""
    wired: str
    cookies: tuple[tuple[str, str], ...]
    """Name and purpose of each cookie that waits for consent."""
    purposes: tuple[tuple[str, str], ...]
    """Each purpose, and what visitors read of it."""

    def tell(self, file: Path) -> None:
        """Write it down."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")


def told_site() -> ToldSite:
    """What this process was told."""
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    pairs = {name: tuple((first, second) for first, second in given[name]) for name in ("cookies", "purposes")}
    return ToldSite(folder=given["folder"], wired=given["wired"], **pairs)
