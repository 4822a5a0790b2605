"""What a run was made with: the machine, the tools, the commit, the command."""

import importlib.metadata
import platform
import subprocess
import sys
from pathlib import Path

# What the verdicts depend on, beside the browsers and the site's own.
DISTRIBUTIONS = ("playwright", "pytest", "pytest-playwright")


def versions() -> dict[str, str]:
    """Of the machine and of the tools."""
    return {
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        **{name: importlib.metadata.version(name) for name in DISTRIBUTIONS},
    }


def commit_of(folder: Path) -> str:
    """The checkout's commit, with "and changes" after it where there are any; "unknown" outside a checkout."""
    git = ["git", "-C", str(folder)]
    try:
        commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changes = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit} and changes" if changes.strip() else commit


def command_line() -> str:
    """The arguments that this run was given."""
    return " ".join(sys.argv[1:])
