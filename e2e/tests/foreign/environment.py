"""An environment as a stranger has it: our wheels, what these say they need, and nothing of this checkout."""

import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[3]
GATE, SESSIONS, DASHBOARD, HARNESS = PARTS = ("site", "site/exact_sessions", "dashboard", "e2e")
OTHER_PYTHON = os.environ.get("E2E_FOREIGN_PYTHON", "")
"""Another Python for the projects. The package index gives it the newest releases that run on it, Django's too."""


class CommandFailed(RuntimeError):
    """A command of the stranger's ended with an error; the message shows what it printed."""


def variables() -> dict[str, str]:
    """The variables of a stranger's shell: none that could lead to this checkout."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def run(command: list[str], folder: Path | None = None, *, accept: tuple[int, ...] = (0,)) -> str:
    """Run a command in a stranger's shell, and give back what it printed."""
    done = subprocess.run(
        command, cwd=folder, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode not in accept:
        raise CommandFailed(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def build_wheels(folder: Path) -> dict[str, Path]:
    """Build each part's wheel, as a release is built."""
    for part in PARTS:
        run(
            [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder / part)],
            CHECKOUT / part,
        )
    return {part: next((folder / part).glob("*.whl")) for part in PARTS}


class Environment:
    """A virtual environment of its own."""

    def __init__(self, folder: Path, wheels: Iterable[Path], *, beside: Iterable[str] = ()) -> None:
        """Install wheels, and further packages `beside` them by name."""
        self.folder = folder
        self.python = folder / "bin" / "python"
        pip = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(folder),
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        files = list(map(str, wheels))
        if OTHER_PYTHON:
            run([OTHER_PYTHON, "-m", "venv", "--without-pip", str(folder)])
            run([*pip, *beside, *files])
            return
        venv.create(folder, symlinks=True)
        needed = [Requirement(name) for name in beside] + [
            each for file in files for each in needs_of(wheel(Path(file)))
        ]
        for distribution in closure(needed, skip={canonicalize_name(wheel(Path(file)).name) for file in files}):
            self._link(distribution)
        # Resolved by pip, though not downloaded: a wheel that needs what is not there is refused.
        run([*pip, "--no-index", *files])

    @property
    def site_packages(self) -> Path:
        """Where this environment imports from."""
        return next(self.folder.glob("lib/python3*/site-packages"))

    def _link(self, distribution: metadata.Distribution) -> None:
        """Make a distribution of the running environment visible in this one, without a copy of it."""
        tops = {Path(file.parts[0]) for file in distribution.files or () if file.parts[0] not in {"..", "__pycache__"}}
        for top in tops:
            (self.site_packages / top).symlink_to(str(distribution.locate_file(top)))


def wheel(file: Path) -> metadata.Distribution:
    """What a wheel says about itself."""
    name, version, _ = file.name.split("-", 2)
    return metadata.PathDistribution(zipfile.Path(file, f"{name}-{version}.dist-info/"))


def needs_of(distribution: metadata.Distribution, extras: Iterable[str] = ()) -> Iterator[Requirement]:
    """What a distribution says that it needs here, with the extras that were asked for."""
    for requirement in map(Requirement, distribution.requires or ()):
        markers = ({"extra": extra} for extra in ("", *extras))
        if requirement.marker is None or any(map(requirement.marker.evaluate, markers)):
            yield requirement


def closure(needed: Iterable[Requirement], skip: set[str]) -> Iterator[metadata.Distribution]:
    """The installed distributions that fulfil requirements, and those that they need in turn."""
    waiting, seen = list(needed), set(skip)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        distribution = metadata.distribution(name)
        if name not in seen:
            yield distribution
        if name not in seen or requirement.extras:
            waiting.extend(needs_of(distribution, requirement.extras))
        seen.add(name)
