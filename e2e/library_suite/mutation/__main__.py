"""`python -m library_suite.mutation`, which `scripts/mutate` calls with both browsers in place."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from library_suite.commits import commit_of
from library_suite.mutation.faults import FOLDER, Fault, NotAFault, read_faults
from library_suite.mutation.mutate import mutate
from library_suite.mutation.report import PAGE, as_json, as_markdown, line_of, page_of, summary_of
from library_suite.mutation.verdicts import FaultVerdict, Judgement

ROOT = Path(__file__).resolve().parents[3]


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Run; the exit code is 0 if every fault was caught, 1 if not, 2 if there is none to put in, 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        every = read_faults(root / FOLDER)
    except NotAFault as error:
        print(error, file=sys.stderr)
        return 2
    if options.page:
        (root / PAGE).write_text(page_of((root / PAGE).read_text(encoding="utf-8"), every), encoding="utf-8")
        return 0
    faults = chosen(every, options.only)
    if not faults:
        print(f"No fault in {FOLDER} is called *{options.only}*.", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(f"{fault.name}: {fault.sentence}" for fault in faults))
        return 0
    print(f"The tests of {len(faults)} faults on a clean copy first …", flush=True)
    judgements: list[Judgement] = []
    try:
        for judgement in mutate(root, faults, jobs=options.jobs):
            judgements.append(judgement)
            print(line_of(judgement), flush=True)
            write_down(judgements, root / "build")
    except KeyboardInterrupt:
        print("Stopped; the tree was not touched.")
        return 130
    print(f"On {datetime.now(UTC).date()} at {commit_of(root)}:", summary_of(judgements))
    print("Table in build/mutate.md, all that is known in build/mutate.json.")
    return 0 if all(judgement.verdict is FaultVerdict.CAUGHT for judgement in judgements) else 1


def write_down(judgements: Iterable[Judgement], folder: Path) -> None:
    """Keep what is known so far, also if the rest is never known."""
    folder.mkdir(exist_ok=True)
    by_number = sorted(judgements, key=lambda judgement: judgement.fault.number)
    (folder / "mutate.json").write_text(as_json(by_number), encoding="utf-8")
    (folder / "mutate.md").write_text(as_markdown(by_number), encoding="utf-8")


def chosen(faults: Sequence[Fault], pattern: str) -> list[Fault]:
    """The faults in whose names a pattern is found."""
    return [fault for fault in faults if fnmatchcase(fault.name, f"*{pattern}*")]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__)
    parser.add_argument("--only", metavar="PATTERN", default="")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--jobs", metavar="N", type=_positive, default=os.cpu_count() or 1)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
