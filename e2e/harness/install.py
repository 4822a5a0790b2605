"""Makes sure that both browsers are there: `python -m e2e.harness.install`.

With both in place it touches no network. Otherwise it tries Playwright's own builds first (that ends within seconds
where their host cannot be reached), then the distribution's packages.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from e2e.harness.engines import ENGINE_NAMES, PACKAGES, BrowserMissing, Engine, EngineName, find_engine

# Lines of a failed command's output that are shown.
TAIL = 15
# Seconds to wait for another installation on this machine.
LOCK_TIMEOUT = 120


@dataclass(frozen=True)
class Step:
    """One command of an installation, and the line that announces it."""

    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    needed: bool = True
    """Whether the steps after this one are of no use when it fails."""


@dataclass(frozen=True)
class Powers:
    """What whoever runs this may do on this machine: the words to put before a command that needs root."""

    as_root: tuple[str, ...] | None
    apt: bool

    @classmethod
    def of_this_machine(cls) -> "Powers":
        """Root, or a sudo that asks for no password."""
        as_root: tuple[str, ...] | None = None
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            as_root = ()
        elif (
            shutil.which("sudo")
            and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
        ):
            as_root = ("sudo", "-n")
        return cls(as_root, apt=shutil.which("apt-get") is not None)


def playwright_steps(missing: Sequence[EngineName], powers: Powers) -> list[Step]:
    """Playwright's builds: the download first, as it fails fast, then the libraries they need."""
    playwright = (sys.executable, "-m", "playwright")
    steps = [Step("Playwright's own builds", (*playwright, "install", "--no-shell", *missing))]
    if powers.apt and powers.as_root is not None:
        steps.append(Step("the libraries they need", (*playwright, "install-deps", *missing)))
    return steps


def package_steps(missing: Sequence[EngineName], powers: Powers) -> list[Step]:
    """The distribution's packages, installed whatever state an earlier installation left; none where they cannot be."""
    if not powers.apt or powers.as_root is None:
        return []
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    # Through `env`, because sudo does not hand the variable on.
    as_root = (*powers.as_root, "env", "DEBIAN_FRONTEND=noninteractive")
    # A machine that has just started may still be installing something itself.
    apt = (*as_root, "apt-get", "-o", f"DPkg::Lock::Timeout={LOCK_TIMEOUT}")
    packages = [PACKAGES[name] for name in missing]
    return [
        # After an installation that was cut off, apt-get refuses to work until dpkg has finished it.
        Step("what an earlier one left half done", (*as_root, "dpkg", "--configure", "-a"), quiet, needed=False),
        Step("the package lists", (*apt, "update"), quiet),
        Step("the distribution's packages", (*apt, "install", "-y", "--no-install-recommends", *packages), quiet),
    ]


def run(step: Step) -> bool:
    """Run one command quietly; show the end of its output if it fails."""
    print(f"Installing {step.title} ...", flush=True)
    done = subprocess.run(
        step.command,
        env={**os.environ, **step.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    if done.returncode != 0:
        print(f"`{' '.join(step.command)}` ended with code {done.returncode}:")
        print("\n".join(f"    {line}" for line in done.stdout.splitlines()[-TAIL:]), flush=True)
    return done.returncode == 0


def install(
    find: Callable[[str], Engine] = find_engine,
    run: Callable[[Step], bool] = run,
    powers: Callable[[], Powers] = Powers.of_this_machine,
) -> int:
    """Install what is missing; the exit code is 0 when every engine can be found, else 1."""
    for steps in (playwright_steps, package_steps):
        if missing := _missing(find):
            all(run(step) or not step.needed for step in steps(missing, powers()))
    missing = _missing(find)
    for name in ENGINE_NAMES:
        print(BrowserMissing(name) if name in missing else find(name))
    return 1 if missing else 0


def _missing(find: Callable[[str], Engine]) -> list[EngineName]:
    missing: list[EngineName] = []
    for name in ENGINE_NAMES:
        try:
            find(name)
        except BrowserMissing:
            missing.append(name)
    return missing


if __name__ == "__main__":
    sys.exit(install())
