"""The programs that a cluster is made of: found at the distribution's paths, and installed where that is wanted.

To install what is missing: ``python -m library_suite.cluster.programs``. It does that as root alone, or where the
variable CI says that the machine is there for tests, since these packages may start services of their own.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cookie_harness.install import Powers, apt_steps, run


class ProgramsMissing(RuntimeError):
    """Programs that are nowhere on this machine; the message is a sentence that names their packages."""


@dataclass(frozen=True)
class Program:
    """A program, by the names that it has, and the folders beside PATH where distributions put it."""

    names: tuple[str, ...]
    package: str
    """What it is in, for apt-get."""
    folders: tuple[str, ...] = ("/usr/sbin", "/usr/local/sbin")

    def find(self) -> Path | None:
        """Find it: the newest one where there are several versions."""
        for name in self.names:
            if found := shutil.which(name):
                return Path(found)
            there = [path for folder in self.folders for path in Path("/").glob(f"{folder[1:]}/{name}")]
            if there:
                return max(there, key=_version)
        return None


def _version(path: Path) -> float:
    """The version in a path such as /usr/lib/postgresql/15/bin/postgres; 0 where there is none."""
    return max((float(part) for part in path.parts if part.replace(".", "", 1).isdigit()), default=0.0)


_POSTGRESQL = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
PROGRAMS = {
    "initdb": Program(("initdb",), "postgresql", _POSTGRESQL),
    "postgres": Program(("postgres",), "postgresql", _POSTGRESQL),
    "pgbouncer": Program(("pgbouncer",), "pgbouncer"),
    "redis": Program(("redis-server", "valkey-server"), "redis-server"),
    "nginx": Program(("nginx",), "nginx"),
}
"""What a cluster needs."""

TEST_PROGRAMS = {
    "certutil": Program(("certutil",), "libnss3-tools"),
    "faketime": Program(("faketime",), "faketime"),
}
"""What its tests need besides: one has Firefox trust an authority, the other gives a node a clock of its own."""


def find_programs(programs: dict[str, Program]) -> dict[str, Path]:
    """Find them all; raises `ProgramsMissing`."""
    found = {name: program.find() for name, program in programs.items()}
    missing = [name for name, path in found.items() if path is None]
    if missing:
        packages = " ".join(packages_of(programs[name] for name in missing))
        raise ProgramsMissing(f"A cluster needs {' and '.join(missing)}: apt-get install {packages}")
    return {name: path for name, path in found.items() if path}


def packages_of(programs: Iterable[Program]) -> list[str]:
    """The packages that hold them."""
    return sorted({program.package for program in programs})


def install(programs: dict[str, Program]) -> int:
    """Install what is missing, if this machine is there for it; the exit code is 1 where CI stays without."""
    in_ci = os.environ.get("CI") == "true"
    powers = Powers.of_this_machine()
    missing = packages_of(program for program in programs.values() if program.find() is None)
    if missing and (in_ci or powers.as_root == ()):
        all(run(step) or not step.needed for step in apt_steps(missing, powers))
    try:
        for path in find_programs(programs).values():
            print(path)
    except ProgramsMissing as error:
        print(error)
        return 1 if in_ci else 0
    return 0


def main(arguments: Sequence[str]) -> int:
    """Install what a cluster and its tests need."""
    if arguments:
        sys.exit("Usage: python -m library_suite.cluster.programs")
    return install(PROGRAMS | TEST_PROGRAMS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
