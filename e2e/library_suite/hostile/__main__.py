"""`python -m library_suite.hostile`, which `scripts/hostile` calls."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from library_suite.commits import commit_of
from library_suite.hostile.findings import Findings
from library_suite.hostile.report import HostileRun, as_json, lines_of, sentence_for_the_docs
from library_suite.hostile.requests import hostile_request
from library_suite.hostile.run import ENGINES, Progress, answer_alone, attack
from library_suite.site import LibrarySite, copy_prepared, prepare

ROOT = Path(__file__).resolve().parents[3]
HELD, BROKEN = 0, 1


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Run; the exit code is 0 if the site held, 1 if not, 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        prepare(data / "prepared")
        try:
            if options.only is not None:
                return _once_more(data, options.seed, options.only, options.stores)
            return _attack_all(data, options.seed, options.requests, options.stores, root)
        except KeyboardInterrupt:
            print("Stopped.")
            return 130


def _attack_all(data: Path, seed: int, requests: int, stores: Sequence[str], root: Path) -> int:
    findings: list[Findings] = []
    share = -(-requests // len(stores))
    for place, store in enumerate(stores):
        numbers = range(place * share, min((place + 1) * share, requests))
        with _site(data, store) as site:
            findings.append(attack(site, seed, numbers, store, _progress(store, len(numbers))))
        print("\r" + "\n".join(lines_of(findings[-1], seed)), flush=True)
    run = HostileRun(commit_of(root), datetime.now(UTC).date().isoformat(), seed, findings)
    (root / "build").mkdir(exist_ok=True)
    (root / "build" / "hostile.json").write_text(as_json(run), encoding="utf-8")
    print(sentence_for_the_docs(run))
    print("The site held." if run.held else "The site did not hold.", "All that is known is in build/hostile.json.")
    return HELD if run.held else BROKEN


def _once_more(data: Path, seed: int, number: int, stores: Sequence[str]) -> int:
    statuses = []
    for store in stores:
        with _site(data, store) as site:
            answer = answer_alone(site, seed, number)
            print(f"{store}: {answer.status} after {answer.seconds:.2f} s")
            if site.has_failed:
                print(site.console)
        statuses.append(answer.status)
    print(repr(hostile_request(seed, number).sent), "(without the site's own cookies)")
    return BROKEN if max(statuses) >= 500 else HELD  # noqa: PLR2004


def _site(data: Path, store: str) -> LibrarySite:
    copy_prepared(data / "prepared", data / store)
    return LibrarySite(data / store, {"SESSION_ENGINE": store})


def _progress(store: str, count: int) -> Progress:
    def say(sent: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{store}: {sent:,} of {count:,} ", end="", file=sys.stderr, flush=True)

    return say


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/hostile", description=__doc__)
    parser.add_argument("--requests", metavar="N", type=_number, default=5_000)
    parser.add_argument("--seed", metavar="N", type=_number, default=1)
    parser.add_argument("--stores", metavar="NAMES", type=_stores, default=ENGINES)
    parser.add_argument("--only", metavar="NUMBER", type=_number, default=None)
    return parser


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) > 10_000_000:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{text} is not a whole number up to 10000000")
    return int(text)


def _stores(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := [name for name in names if name not in ENGINES]:
        raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(ENGINES)}")
    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
