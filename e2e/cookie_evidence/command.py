"""The command: merges the evidence of several runs, and compares that of two."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from cookie_evidence.comparison import comparison, lines_of_comparison
from cookie_evidence.document import EvidenceUnreadable, read_document
from cookie_evidence.folder import PAGE
from cookie_evidence.merge import NothingToMerge, merge_folders
from cookie_evidence.terminal import lines_of

FINE, FINDING, NOT_DONE = 0, 1, 2

_DESCRIPTION = "Works with what `pytest --evidence FOLDER` leaves in its folder."
_MERGE = """Makes one report of those of several runs, such as the shards of a suite, and of their JUnit reports.
A run that can't be counted stands there as not run, with the reason: its folder is missing, its document cut off, its
number twice; it is of another commit, or of another browser, than the others."""
_DIFF = """Names every verdict, cookie and line that changed from one run to another, as when a browser is upgraded.
Versions and the commit are told beside it, and are no change; times, commands and pictures are left out."""
_DIFF_ENDS = "Ends with 0 if nothing changed, 1 if something did, 2 if one of the two can't be read."
_MERGE_ENDS = "Ends with 0 if all passed, 1 if something failed or was not run, 2 if there was nothing to merge."


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say, and give back the exit code."""
    options = _parser().parse_args(arguments)
    ended: int = options.command(options)
    return ended


def run() -> NoReturn:
    """Do it with the arguments of this process, and end it."""
    sys.exit(main(sys.argv[1:]))


def _merge(options: argparse.Namespace) -> int:
    try:
        evidence = merge_folders(
            options.folders, options.to, single_file=options.evidence_single_file, complete=options.evidence_complete
        )
    except NothingToMerge as error:
        print(error, file=sys.stderr)
        return NOT_DONE
    print("\n".join(lines_of(evidence.groups, evidence.matrix)))
    if evidence.incomplete:
        for promise, cell in evidence.matrix.open_cells:
            print(f"{cell.state.value}: {promise.id} in {cell.column.title}")
    for sentence in evidence.not_run:
        print(f"not run: {sentence}")
    print(f"Evidence: {options.to / PAGE}")
    return FINE if evidence.shows_all_kept else FINDING


def _diff(options: argparse.Namespace) -> int:
    try:
        before, after = (read_document(place) for place in (options.before, options.after))
        found = comparison(before, after)
        lines = lines_of_comparison(before, after)
    except EvidenceUnreadable as error:
        print(error, file=sys.stderr)
        return NOT_DONE
    except (KeyError, TypeError, AttributeError) as error:
        print(f"One of the documents is not as schema.json says: {error!r}", file=sys.stderr)
        return NOT_DONE
    print(json.dumps(found, indent=1, ensure_ascii=False) if options.json else "\n".join(lines))
    return FINDING if found["changes"] else FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evidence", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    several = [_merge_parser(commands), _diff_parser(commands)]
    parser.epilog = "\n".join(command.format_usage() for command in several)
    return parser


def _merge_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    parser = commands.add_parser(
        "merge", help="make one report of those of several runs", description=_MERGE, epilog=_MERGE_ENDS
    )
    parser.set_defaults(command=_merge)
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path, help="what a run was given as --evidence")
    parser.add_argument("--to", metavar="FOLDER", type=Path, required=True, help="where the report is written")
    parser.add_argument("--evidence-single-file", action="store_true", help="put everything into index.html")
    parser.add_argument(
        "--evidence-complete", action="store_true", help="fail if a claim was not looked at, as in a run"
    )
    return parser


def _diff_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    parser = commands.add_parser("diff", help="compare two runs", description=_DIFF, epilog=_DIFF_ENDS)
    parser.set_defaults(command=_diff)
    parser.add_argument("before", metavar="BEFORE", type=Path, help="a run's folder, or its evidence.json")
    parser.add_argument("after", metavar="AFTER", type=Path, help="another's")
    parser.add_argument("--json", action="store_true", help="print it as JSON, with every test that saw a change")
    return parser
