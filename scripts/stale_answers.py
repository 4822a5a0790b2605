"""Says which answers of visitors the changes since the main branch make stale. Says nothing where it can't know."""

import os
import subprocess
import sys
import tarfile
import tempfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
MAIN = ("origin/HEAD", "origin/main", "main")
"""Where the main branch may be found; without it, what is not committed yet is compared with what is."""


def git(*arguments: str) -> bytes:
    """What git prints; raises `CalledProcessError` where it fails."""
    return subprocess.run(["git", *arguments], cwd=CHECKOUT, capture_output=True, check=True).stdout


def commit_before() -> str:
    """The commit that this branch began at."""
    for branch in MAIN:
        with suppress(subprocess.CalledProcessError):  # no such branch, or a clone too shallow to tell
            return git("merge-base", "HEAD", branch).decode().strip()
    return "HEAD"


def declarations(tree: Path, *arguments: str) -> str:
    """What the command of this name prints in a tree, whose own packages come before those that are installed."""
    path = os.pathsep.join(str(tree / folder) for folder in ("site", "dashboard"))
    command = [sys.executable, "-m", "django", "declarations", *arguments]
    environment = os.environ | {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "locallibrary.settings_for_tests"}
    return subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout


def main() -> None:
    """Print one sentence for each purpose whose answers go stale."""
    with tempfile.TemporaryDirectory() as name, suppress(OSError, subprocess.CalledProcessError):
        before = Path(name) / "before"
        with tarfile.open(fileobj=BytesIO(git("archive", commit_before()))) as archive:
            archive.extractall(before, filter="data")
        file = Path(name) / "declarations.json"
        file.write_text(declarations(before), encoding="utf-8")
        sys.stdout.write(declarations(CHECKOUT, "--since", str(file)))


if __name__ == "__main__":
    main()
