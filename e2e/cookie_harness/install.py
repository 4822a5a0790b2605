"""Makes sure that both browsers are there, and on Linux a display for their windows.

To run it: `python -m cookie_harness.install`; with names for these parts alone, WebKit among them.

With all in place it touches no network. Otherwise it tries Playwright's own builds first (that ends within seconds
where their host cannot be reached), then the distribution's packages.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from cookie_harness.displays import XVFB_PACKAGE, XvfbMissing, find_xvfb
from cookie_harness.engines import (
    DEFAULT_ENGINES,
    ENGINE_NAMES,
    PACKAGES,
    BrowserMissing,
    Engine,
    EngineName,
    find_engine,
)

Part = Literal[EngineName, "xvfb"]

PARTS: tuple[Part, ...] = get_args(Part)
PARTS_PACKAGES: dict[Part, str] = {
    "chromium": PACKAGES["chromium"],
    "firefox": PACKAGES["firefox"],
    "xvfb": XVFB_PACKAGE,
}
"""Of WebKit no distribution has a build that Playwright can drive."""

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


def parts_for(platform: str) -> tuple[Part, ...]:
    """What the whole suite needs: Linux alone has displays that nobody sees."""
    return (*DEFAULT_ENGINES, "xvfb") if platform.startswith("linux") else DEFAULT_ENGINES


def find_part(name: Part) -> Engine | Path:
    """Find a part; raises `BrowserMissing` or `XvfbMissing`."""
    return find_xvfb() if name == "xvfb" else find_engine(name)


def playwright_steps(missing: Sequence[Part], powers: Powers) -> list[Step]:
    """Playwright's builds: the download first, as it fails fast, then the libraries they need."""
    browsers = [name for name in missing if name in ENGINE_NAMES]
    if not browsers:
        return []
    playwright = (sys.executable, "-m", "playwright")
    steps = [Step("Playwright's own builds", (*playwright, "install", "--no-shell", *browsers))]
    if powers.apt and powers.as_root is not None:
        steps.append(Step("the libraries they need", (*playwright, "install-deps", *browsers)))
    return steps


def package_steps(missing: Sequence[Part], powers: Powers) -> list[Step]:
    """The distribution's packages of these parts."""
    packages = [PARTS_PACKAGES[name] for name in missing if name in PARTS_PACKAGES]
    return apt_steps(packages, powers) if packages else []


def apt_steps(packages: Sequence[str], powers: Powers) -> list[Step]:
    """Packages, installed whatever state an earlier installation left; no step where they cannot be."""
    if not powers.apt or powers.as_root is None:
        return []
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    # Through `env`, because sudo does not hand the variable on.
    as_root = (*powers.as_root, "env", "DEBIAN_FRONTEND=noninteractive")
    # A machine that has just started may still be installing something itself.
    apt = (*as_root, "apt-get", "-o", f"DPkg::Lock::Timeout={LOCK_TIMEOUT}")
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
    parts: Sequence[Part],
    find: Callable[[Part], Engine | Path] = find_part,
    run: Callable[[Step], bool] = run,
    powers: Callable[[], Powers] = Powers.of_this_machine,
) -> int:
    """Install what is missing of these parts; the exit code is 0 when every one can be found, else 1."""
    for steps in (playwright_steps, package_steps):
        if missing := list(_missing(parts, find)):
            all(run(step) or not step.needed for step in steps(missing, powers()))
    missing_still = _missing(parts, find)
    for name in parts:
        print(missing_still[name] if name in missing_still else find(name))
    return 1 if missing_still else 0


def _missing(parts: Sequence[Part], find: Callable[[Part], Engine | Path]) -> dict[Part, Exception]:
    """What can't be found, and the sentence about it."""
    missing: dict[Part, Exception] = {}
    for name in parts:
        try:
            find(name)
        except (BrowserMissing, XvfbMissing) as error:
            missing[name] = error
    return missing


def parts_named(names: Sequence[str], platform: str = sys.platform) -> tuple[Part, ...]:
    """Read the command line: the parts it names, or all; raises `SystemExit` with a sentence for an unknown one."""
    if unknown := set(names) - set(PARTS):
        sys.exit(f"Only {', '.join(PARTS)} can be installed, not {', '.join(sorted(unknown))}.")
    return tuple(part for part in PARTS if part in names) or parts_for(platform)


if __name__ == "__main__":
    sys.exit(install(parts_named(sys.argv[1:])))
