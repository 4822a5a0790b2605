"""`python -m library_suite.steady`, which `scripts/steady` calls with both browsers in place."""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cookie_evidence.document import EvidenceUnreadable, read_document
from library_suite.commits import commit_of
from library_suite.site import CHECKOUT
from library_suite.steady.busy_core import NoCoreToSpare, cores
from library_suite.steady.loads import SuiteLoad
from library_suite.steady.report import PAGE, SteadyRun, as_json, lines_of, page_of, sentence_of
from library_suite.steady.rounds import Round, RoundCutShort, compare, run_round

HELD, CHANGED, NOT_DONE, STOPPED = 0, 1, 2, 130
FOLDER = CHECKOUT / "build" / "steady"


def main(arguments: Sequence[str], folder: Path = FOLDER) -> int:
    """Run; the exit code is 0 if no verdict changed, 1 if one did, 2 if no round could be run, 130 after Ctrl-C."""
    options = _parser().parse_intermixed_args(arguments)
    if options.page:
        runs = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]
        page = CHECKOUT / PAGE
        page.write_text(page_of(page.read_text(encoding="utf-8"), runs), encoding="utf-8")
        return HELD
    if options.load is None:
        print("Say which load: cpu or latency.", file=sys.stderr)
        return NOT_DONE
    if options.load == SuiteLoad.LATENCY.value and any(each.startswith("--base-url") for each in options.selection):
        print("Only servers that the suite starts can be made late: leave --base-url out.", file=sys.stderr)
        return NOT_DONE
    try:
        return _run(SuiteLoad(options.load), folder, options)
    except (NoCoreToSpare, RoundCutShort, EvidenceUnreadable) as error:
        print(error, file=sys.stderr)
        return NOT_DONE
    except KeyboardInterrupt:
        print(f"Stopped; the rounds until now are in {folder}.")
        return STOPPED


def _run(load: SuiteLoad, folder: Path, options: argparse.Namespace) -> int:
    own = folder / load.value
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    calm: Path = options.against or own / "calm"
    if options.against is None:
        seconds, _ = run_round(SuiteLoad.NONE, calm, options.selection, options.workers)
        print(f"without a load: {seconds:.0f} s", flush=True)
    expected = read_document(calm)
    done: list[Round] = []
    for number in range(1, options.rounds + 1):
        seconds, busy = run_round(load, own / str(number), options.selection, options.workers)
        done.append(compare(load, expected, read_document(own / str(number)), seconds, busy))
        print("\n".join(lines_of(number, done[-1])), flush=True)
        run = SteadyRun(
            date=datetime.now(UTC).date().isoformat(),
            commit=commit_of(CHECKOUT),
            cores=cores(),
            selection=tuple(options.selection),
            engines=tuple(expected["about"]["engines"].values()),
            rounds=tuple(done),
        )
        (folder / f"{load.value}.json").write_text(as_json(run), encoding="utf-8")
    print(sentence_of(run))
    return HELD if all(each.held for each in done) else CHANGED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/steady", description=__doc__)
    parser.add_argument("load", nargs="?", choices=[load.value for load in SuiteLoad])
    parser.add_argument("--rounds", metavar="N", type=_positive, default=5)
    parser.add_argument("--workers", metavar="N", type=_positive, default=3)
    parser.add_argument("--against", metavar="FOLDER", type=Path)
    parser.add_argument("--page", action="store_true")
    parser.add_argument("selection", nargs="*")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
