"""The tools that are measured: what each is called with, and its findings in the words of the corpus."""

import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cookie_corpus.facts import THIRTEEN_MONTHS, Fact

# Seconds that a tool may take for one site in one browser.
PATIENCE = 600
_A_DAY = 24 * 3600.0

FURTHER_STATES = ("purposes", "deleted", "gpc")
"""Beside those that every audit walks through: what finds `purpose-ignored`, `revived` and `gpc-ignored`."""

COLLECTOR_CLAIMS = frozenset({"before-consent", "store-before-consent", "other-host-before-consent", "too-long"})
"""What EDPS website-evidence-collector has evidence for: it looks at a site before any answer, and judges nothing."""


class ToolFailed(RuntimeError):
    """A tool ended without a result; the message is one sentence."""


@dataclass(frozen=True)
class ToolResult:
    """What a tool found on one site in one browser."""

    engine: str
    found: frozenset[Fact]


def audited(url: str, engines: tuple[str, ...], folder: Path) -> list[ToolResult]:
    """This project's audit of a site; raises `ToolFailed`."""
    options = ["--output", str(folder), "--states", ",".join(FURTHER_STATES)]
    options += [part for engine in engines for part in ("--browser", engine)]
    _run([sys.executable, "-m", "cookie_audit", url, *options], folder / "audit.json", (0, 1))
    findings = json.loads((folder / "audit.json").read_text(encoding="utf-8"))["findings"]
    return [ToolResult(engine, findings_of(findings, engine)) for engine in engines]


def findings_of(findings: list[dict[str, Any]], engine: str) -> frozenset[Fact]:
    """The kinds and subjects of an audit's findings in one browser; a host goes without its port."""
    return frozenset(
        (each["kind"], _without_port(each["subject"]) if each["kind"].startswith("other-host") else each["subject"])
        for each in findings
        if each["browser"] == engine
    )


def collected(command: str, url: str, folder: Path) -> ToolResult:
    """What EDPS website-evidence-collector, called by `command`, collects of a site; raises `ToolFailed`."""
    options = [url, "--overwrite", "--output", str(folder), "--max", "3", "--sleep", "1000", "--no-pdf"]
    _run([*shlex.split(command), *options, "--", "--no-sandbox"], folder / "inspection.json", (0,))
    return ToolResult("chromium", collection_of(json.loads((folder / "inspection.json").read_text(encoding="utf-8"))))


def collection_of(inspection: dict[str, Any]) -> frozenset[Fact]:
    """Its evidence, read as findings: each cookie and item is there before consent; a host, if it sets a cookie."""
    cookies, stores = inspection["cookies"], inspection["localStorage"].values()
    hosts = set(inspection["hosts"]["cookies"]["thirdParty"]) & set(inspection["hosts"]["requests"]["thirdParty"])
    longest = THIRTEEN_MONTHS / _A_DAY + 1
    return frozenset(
        {
            *(("before-consent", each["name"]) for each in cookies),
            *(("too-long", each["name"]) for each in cookies if (each.get("expiresDays") or 0) > longest),
            *(("store-before-consent", key) for items in stores for key in items),
            *(("other-host-before-consent", each) for each in hosts),
        }
    )


def _run(command: list[str], result: Path, good: tuple[int, ...]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolFailed(f"{command[0]}: {error}") from error
    if done.returncode not in good or not result.is_file():
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise ToolFailed(f"ended with {done.returncode}: {said}")


def _without_port(host: str) -> str:
    return urlsplit(f"//{host}").hostname or host
