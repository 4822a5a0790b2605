"""Copies of a project to put faults into: the project's own tree is only ever read."""

import os
import shutil
import subprocess
from pathlib import Path


def copy_tracked(root: Path, to: Path) -> None:
    """Copy what git tracks below a folder, as it lies there now: with changes that nobody has committed."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, stdout=subprocess.PIPE, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        source, target = root / name, to / name
        if not source.is_file():  # deleted, and not yet committed
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def apply(patch: str, tree: Path, *, check: bool = False) -> str:
    """Apply a patch to a tree, or with `check` only see whether it could be; "" or what git says against it.

    The lines that it takes out must be there, and one line around them: a change near by leaves a patch as it is.
    """
    command = ["git", "apply", "-C1", *(["--check"] if check else []), "-"]
    # Git must not find a repository further up: it would leave out every file that is not in that one.
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.resolve().parent)}
    done = subprocess.run(
        command,
        input=patch,
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.strip() if done.returncode else ""
