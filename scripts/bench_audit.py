"""How often the audit is right on the sites of the corpus, beside EDPS website-evidence-collector if it is there."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cookie_corpus.accuracy_page import Measurement, page_of, text_of
from cookie_corpus.packages import PackageMissing, package_of
from cookie_corpus.scoring import Sheet, compared, scores
from cookie_corpus.server import CorpusServer
from cookie_corpus.table import CorpusSite, TableError, sites_named
from cookie_corpus.tools import COLLECTOR_CLAIMS, ToolFailed, audited, collected
from cookie_harness.engines import DEFAULT_ENGINES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "audit-accuracy.md"
OURS, THEIRS = "This audit", "EDPS website-evidence-collector"


def main() -> int:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser("scripts/bench audit", description=__doc__)
    parser.add_argument("--sites", nargs="+", default=[], metavar="NAME", help="these alone; default all")
    parser.add_argument("--browser", choices=DEFAULT_ENGINES, action="append", help="this one alone; default both")
    parser.add_argument("--collector", metavar="COMMAND", help="how website-evidence-collector is called")
    parser.add_argument("--json", type=Path, metavar="FILE", help="writes every site's result")
    parser.add_argument("--merge", nargs="+", type=Path, metavar="FILE", help="measures nothing: reads earlier results")
    parser.add_argument("--page", action="store_true", help="writes the tables into docs/audit-accuracy.md")
    given = parser.parse_args()
    ours, theirs = Measurement(OURS), Measurement(f"{THEIRS}, which claims {', '.join(sorted(COLLECTOR_CLAIMS))} alone")
    when = f"{datetime.now(UTC).date()} at {os.environ.get('BENCH_COMMIT', 'an unknown commit')}"
    try:
        if given.merge:
            when = _merge(given.merge, ours, theirs)
        for site in () if given.merge else sites_named(given.sites):
            _measure(site, tuple(given.browser or DEFAULT_ENGINES), given.collector, ours, theirs)
            if given.json:  # after each site: a run of all takes its time
                _write(given.json, when, ours, theirs)
    except (TableError, OSError, ValueError, KeyError) as error:
        print(error, file=sys.stderr)
        return 2
    measured = [each for each in (ours, theirs) if each.sheets or each.left_out]
    print("\n\n".join(map(text_of, measured)))
    if given.page:
        PAGE.write_text(page_of(PAGE.read_text(encoding="utf-8"), measured, when), encoding="utf-8")
    return 0


def _write(file: Path, when: str, *measured: Measurement) -> None:
    document = {"when": when, "tools": [_document(each) for each in measured if each.sheets]}
    file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _merge(files: Sequence[Path], *measured: Measurement) -> str:
    """Read the results of earlier runs, and say when they were made. Raises OSError, ValueError, KeyError."""
    made = []
    for document in (json.loads(file.read_text(encoding="utf-8")) for file in files):
        made.append(document["when"])
        for tool in document["tools"]:
            [into] = [each for each in measured if each.tool == tool["tool"]]
            into.left_out += tool["left_out"]
            into.sheets += [
                Sheet(each["site"], each["browser"], *(frozenset(map(tuple, each[part])) for part in _PARTS))
                for each in tool["sites"]
            ]
    return "; ".join(dict.fromkeys(made))


_PARTS = ("right", "false", "missed")


def _measure(
    site: CorpusSite, engines: tuple[str, ...], collector: str | None, ours: Measurement, theirs: Measurement
) -> None:
    """Serve one site, and send each tool to it."""
    try:
        package = package_of(site)
    except PackageMissing as error:
        for each in (ours, theirs):
            each.left_out.append(f"{site.name}: {error}")
        return
    with CorpusServer(site, package) as server, tempfile.TemporaryDirectory() as folder:
        try:
            for result in audited(server.url, engines, Path(folder) / "audit"):
                ours.sheets.append(compared(site, result.engine, result.found))
                _say(ours)
        except ToolFailed as error:
            ours.left_out.append(f"{site.name}: {error}")
        try:
            if collector:
                result = collected(collector, server.url, Path(folder) / "collected")
                theirs.sheets.append(compared(site, result.engine, result.found, COLLECTOR_CLAIMS))
        except ToolFailed as error:
            theirs.left_out.append(f"{site.name}: {error}")


def _say(measured: Measurement) -> None:
    sheet = measured.sheets[-1]
    print(f"{sheet.site}, {sheet.engine}: {len(sheet.false)} false, {len(sheet.missed)} missed", file=sys.stderr)


def _document(measured: Measurement) -> dict[str, Any]:
    return {
        "tool": measured.tool,
        "left_out": measured.left_out,
        "kinds": [asdict(each) for each in scores(measured.sheets)],
        "sites": [
            {"site": each.site, "browser": each.engine, **{part: sorted(getattr(each, part)) for part in _PARTS}}
            for each in measured.sheets
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
