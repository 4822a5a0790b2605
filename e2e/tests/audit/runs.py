"""Whole runs of the audit: in a process of their own, or in this one, where a test can shorten what is waited for."""

import contextlib
import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cookie_audit.command import main

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class AuditRun:
    """How a run ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def audit(*arguments: str) -> AuditRun:
    """Run the command as a person does."""
    done = subprocess.run(
        [sys.executable, "-m", "cookie_audit", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return AuditRun(done.returncode, done.stdout, done.stderr)


def audit_here(*arguments: str) -> AuditRun:
    """Run the command in a thread: pytest's own Playwright has the main one."""
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained), ThreadPoolExecutor(1) as thread:
        code = thread.submit(_code_of, arguments).result()
    return AuditRun(code, said.getvalue(), complained.getvalue())


def _code_of(arguments: tuple[str, ...]) -> int:
    try:
        return main(arguments)
    except SystemExit as ended:  # by which argparse refuses what makes no sense
        return int(ended.code or 0)


def document_in(folder: Path) -> dict[str, Any]:
    """The report that a run left."""
    document: dict[str, Any] = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    return document


def states_of(document: dict[str, Any], browser: str) -> dict[str, dict[str, Any]]:
    """What one browser saw, by state."""
    [states] = [each["states"] for each in document["browsers"] if each["name"] == browser]
    return {each["state"]: each for each in states}


def found(document: dict[str, Any], browser: str) -> set[tuple[str, str, str]]:
    """The findings of one browser, as kind, state and subject."""
    return {
        (each["kind"], each["state"], each["subject"]) for each in document["findings"] if each["browser"] == browser
    }
