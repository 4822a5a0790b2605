"""The evidence as one JSON document, for tools; `schema.json` beside this file says what stands where."""

import importlib.metadata
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cookie_evidence.matrix import Matrix, SeenTest
from cookie_evidence.promises import PromiseGroup

FORMAT = "browser-evidence/1"
# What the verdicts depend on, beside the browsers and the site's own.
DISTRIBUTIONS = ("playwright", "pytest", "pytest-playwright")


@dataclass(frozen=True)
class About:
    """What a report is about: all that a reader needs to do the same again."""

    title: str
    made_at: str
    """ISO 8601, in UTC."""
    commit: str
    command: str
    """pytest's arguments."""
    versions: Mapping[str, str]
    engines: Mapping[str, str]
    """Each engine that was run: version, binary, protocol."""
    facts: Mapping[str, str]
    """What the site under test says of itself."""


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


def document(about: About, groups: Sequence[PromiseGroup], matrix: Matrix, tests: Sequence[SeenTest]) -> dict[str, Any]:
    """Put everything into one mapping, ready for `json.dump`; in an order that depends on no run's chance."""
    return {
        "format": FORMAT,
        "about": asdict(about),
        "states": {
            state.value: count for state, count in sorted(matrix.states.items(), key=lambda each: each[0].value)
        },
        "columns": [asdict(column) for column in matrix.columns],
        "groups": [{"id": group.id, "title": group.title} for group in groups],
        "promises": [
            {
                "id": row.promise.id,
                "sentence": row.promise.sentence,
                "cells": [
                    {
                        **asdict(cell.column),
                        "state": cell.state.value,
                        "tests": sorted(test.id for test in cell.tests),
                    }
                    for cell in row.cells
                ],
            }
            for row in matrix.rows
        ],
        "tests": [_test(test) for test in sorted(tests, key=lambda test: test.id)],
    }


def _test(test: SeenTest) -> dict[str, Any]:
    return {
        "id": test.id,
        "engine": test.engine,
        "state": test.state.value,
        "reason": test.reason,
        "promises": list(test.promises),
        "seconds": round(test.seconds, 2),
        "trace": test.trace,
        "browsers": [asdict(browser) for browser in test.browsers],
    }


def command_line() -> str:
    """The arguments that this run was given."""
    return " ".join(sys.argv[1:])
