"""What an unchanged run says of the tests: which ran a line, how long each took, and which can be run twice."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath

from library_suite.mutants.parts import CodePart


@dataclass
class KnownTests:
    """Tests are pytest's ids, seconds those of processor time, paths from the root."""

    digests: dict[str, str] = field(default_factory=dict)
    """Of the files that it was noted with."""
    seconds: dict[str, float] = field(default_factory=dict)
    ran: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    unrepeatable: list[str] = field(default_factory=list)
    """Those that fail when they run once more in the same process, and so can say nothing there."""

    @classmethod
    def read(cls, file: Path, digests: Mapping[str, str]) -> "KnownTests":
        """What was kept, without the tests that have changed since; nothing, once any other file has changed."""
        if not file.exists():
            return cls(dict(digests))
        kept = cls(**json.loads(file.read_text(encoding="utf-8")))
        changed = {path for path in {*kept.digests, *digests} if kept.digests.get(path) != digests.get(path)}
        if not all(is_test(path) for path in changed):
            return cls(dict(digests))
        kept.digests = dict(digests)
        kept.ran = {path: {int(line): tests for line, tests in lines.items()} for path, lines in kept.ran.items()}
        kept.forget(changed)
        return kept

    def forget(self, files: set[str]) -> None:
        """Drop the tests of some files."""
        self.seconds = {test: seconds for test, seconds in self.seconds.items() if file_of(test) not in files}
        self.unrepeatable = [test for test in self.unrepeatable if file_of(test) not in files]
        self.ran = {
            path: {line: [test for test in tests if file_of(test) not in files] for line, tests in lines.items()}
            for path, lines in self.ran.items()
        }

    def write(self, file: Path) -> None:
        """Keep it for the next run."""
        written = file.with_suffix(f".{os.getpid()}")  # a run that is interrupted leaves no half of it
        written.write_text(json.dumps(asdict(self)), encoding="utf-8")
        written.replace(file)

    def add(self, path: str, line: int, tests: Iterable[str]) -> None:
        """Note that tests ran a line."""
        self.ran.setdefault(path, {}).setdefault(line, []).extend(test for test in tests if test)

    def of_line(self, path: str, line: int) -> list[str]:
        """The tests that ran a line, the quickest of the file named after the module first."""
        return sorted(self.ran.get(path, {}).get(line, ()), key=lambda test: self._order(test, path))

    def files_of(self, path: str) -> list[str]:
        """The files of the tests that ran any line of a module; all where none did: it may count while loading."""
        tests = {test for tests in self.ran.get(path, {}).values() for test in tests}
        files = {file_of(test) for test in tests or self.seconds}
        return sorted(files, key=lambda file: (not is_of(file, path), self.cost([file])))

    def cost(self, chosen: Iterable[str]) -> float:
        """The seconds that some tests, or the tests of some files, took."""
        names = set(chosen)
        return sum(seconds for test, seconds in self.seconds.items() if {test, file_of(test)} & names)

    def _order(self, test: str, path: str) -> tuple[bool, float]:
        return not is_of(file_of(test), path), self.seconds.get(test, 0)


def file_of(test: str) -> str:
    """The file that a test is in."""
    return test.partition("::")[0]


def is_test(path: str) -> bool:
    """Whether a file holds tests alone, and nothing that others use."""
    return PurePosixPath(path).name.startswith("test_")


def digests_of(part: CodePart, root: Path) -> dict[str, str]:
    """Of the files of a part and of its tests."""
    folders = [root / path for path in part.tests if not path.startswith("--")]
    tests = (file for path in folders for file in ([path] if path.is_file() else path.rglob("*.py")))
    return {
        file.relative_to(root).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in sorted({*part.files(root), *tests})
    }


def imports(file: Path, module: str) -> bool:
    """Whether a file of tests imports a module, or something of it, by its full name."""
    return bool(re.search(rf"^\s*(from|import) {re.escape(module)}\b", file.read_text(encoding="utf-8"), re.MULTILINE))


def is_of(file: str, path: str) -> bool:
    """Whether a file of tests is named after a module."""
    return PurePosixPath(path).stem in PurePosixPath(file).stem
