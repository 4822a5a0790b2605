"""The commit that a measured figure was taken at."""

import subprocess
from pathlib import Path


def commit_of(root: Path) -> str:
    """The short hash of what is checked out; with `-dirty` if something there is not committed."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=7", "--exclude=*"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "no commit"
