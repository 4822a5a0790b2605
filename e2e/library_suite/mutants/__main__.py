"""`python -m library_suite.mutants`, which `scripts/mutants` calls."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

from library_suite.commits import commit_of
from library_suite.mutants.fates import Fate, MutantFate
from library_suite.mutants.mutants import Mutant, mutants_below
from library_suite.mutants.page import PAGE, PartScore, page_of, table
from library_suite.mutants.parts import PARTS, CodePart
from library_suite.mutants.records import MutantRecords
from library_suite.mutants.sample import drawn
from library_suite.mutants.survivors import FILE, explained, read_explanations
from library_suite.mutation.runs import environment_of
from library_suite.mutation.trees import copy_tracked

ROOT = Path(__file__).resolve().parents[3]
RECORDS = Path("build/mutants")
"""Where what is known is kept, from the root."""
LOG = RECORDS / "log.txt"
"""What the latest run's workers printed."""


class WorkerFailed(Exception):
    """The tests of a part do not pass without a mutant."""


def main(arguments: Sequence[str], root: Path = ROOT, parts: Sequence[CodePart] = PARTS) -> int:
    """Run; the exit code is 0 if every survivor is explained, 1 if not, 2 if nothing could be run, 130 after Ctrl-C."""
    options = _parser(parts).parse_args(arguments)
    chosen = [part for part in parts if part.name in (options.parts or [each.name for each in parts])]
    if options.page:
        page = root / PAGE
        scores = [score_of(part, root) for part in parts]
        page.write_text(page_of(page.read_text(encoding="utf-8"), scores), encoding="utf-8")
        return 0
    (root / RECORDS).mkdir(parents=True, exist_ok=True)
    try:
        for part in chosen:
            run(part, root, options)
    except WorkerFailed as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; the tree was not touched. What is known is kept: the next run goes on here.")
        return 130
    scores = [score_of(part, root) for part in chosen]
    print(table(scores))
    return 0 if all(why for score in scores for _mutant, _fate, why in score.survivors) else 1


def run(part: CodePart, root: Path, options: argparse.Namespace) -> None:
    """Judge the mutants of a part that are not known yet, and keep what became of them."""
    records = MutantRecords.read(records_file(part, root))
    if options.afresh:
        records.forget()
    mutants = wanted(part, root, options.only)
    asked = drawn(mutants, options.sample) if options.sample else mutants
    if options.list:
        print("\n".join(asked))
        return
    explanations = read_explanations(root / FILE)
    waiting = records.unknown(asked)
    if options.again:
        waiting += [key for key in records.survivors(mutants) if not explained(mutants[key], explanations)]
    print(f"{part.name}: {len(mutants)} mutants, {len(waiting)} to be tried", flush=True)
    by = replace(part, tests=tuple(options.tests)) if options.tests else part
    for fate in judged(by, root, waiting, jobs=options.jobs):
        records.add(fate)
        if fate.fate is Fate.SURVIVED and not explained(mutants[fate.key], explanations):
            print(f"survived: {fate.key}{f' ({fate.by})' if fate.by else ''}", flush=True)
    of_all = options.sample if not options.only else 0
    if waiting or of_all > records.drawn:
        records.note_run(f"{datetime.now(UTC).date()} at {commit_of(root)}", of_all)


def wanted(part: CodePart, root: Path, pattern: str) -> dict[str, Mutant]:
    """The mutants of a part in whose path or scope a pattern is found."""
    every = mutants_below(root, part.files(root))
    return {key: each for key, each in every.items() if fnmatchcase(f"{each.path} {each.scope}", f"*{pattern}*")}


def judged(part: CodePart, root: Path, keys: Sequence[str], *, jobs: int) -> Iterator[MutantFate]:
    """What became of each mutant, as soon as it is known. The project is only read. Raises `WorkerFailed`."""
    shares = [share for share in (keys[start::jobs] for start in range(jobs)) if share]
    task = asdict(part) | {"kept": str(root / RECORDS / f"{part.name}-tests.json")}
    reader, writer = os.pipe()  # one for all: lines as short as these do not mix (POSIX, PIPE_BUF)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, (root / LOG).open("w") as log:
        trees = [Path(folder).resolve() / str(number) for number in range(len(shares))]
        for tree in trees:
            copy_tracked(root, tree)
        tasks = [task | {"keys": share} for share in shares]
        workers = [_worker(each, tree, (writer, log)) for each, tree in zip(tasks, trees, strict=True)]
        os.close(writer)
        try:
            with os.fdopen(reader, encoding="utf-8") as lines:
                for line in lines:
                    said = json.loads(line)
                    if "error" in said:
                        raise WorkerFailed(f"{said['error']}: see {LOG}")
                    yield MutantFate(said["key"], Fate(said["fate"]), said["by"])
            if any(worker.wait() for worker in workers):
                raise WorkerFailed(f"a process ended before its time: see {LOG}")
        finally:
            for worker in workers:
                with suppress(ProcessLookupError):
                    os.killpg(worker.pid, signal.SIGKILL)  # with the process that it has warmed
                worker.wait()


def _worker(task: dict[str, object], tree: Path, streams: tuple[int, IO[str]]) -> "subprocess.Popen[str]":
    """Start one in its copy of the tree, whose modules come before those that are installed in place."""
    modules = os.pathsep.join(str(tree / folder) for folder in ("site", "dashboard", "e2e"))
    worker = subprocess.Popen(
        [sys.executable, "-m", "library_suite.mutants.worker"],
        cwd=tree,
        env=environment_of(os.environ) | {"PYTHONPATH": modules, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=streams[0],
        stderr=streams[1],
        text=True,
        start_new_session=True,
    )
    assert worker.stdin  # for the type checker: it is a pipe
    with worker.stdin as asked:
        json.dump(task, asked)
    return worker


def score_of(part: CodePart, root: Path) -> PartScore:
    """What is known of a part by now."""
    records = MutantRecords.read(records_file(part, root))
    explanations = read_explanations(root / FILE)
    return PartScore(part.name, records, mutants_below(root, part.files(root)), explanations)


def records_file(part: CodePart, root: Path) -> Path:
    """Where what is known of a part is kept."""
    return root / RECORDS / f"{part.name}.jsonl"


def _parser(parts: Sequence[CodePart]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[[], *(part.name for part in parts)])
    parser.add_argument("--only", metavar="PATTERN", default="")
    parser.add_argument("--tests", metavar="FILE", nargs="+", default=[])
    parser.add_argument("--jobs", metavar="N", type=int, choices=range(1, 65), default=2)
    parser.add_argument("--sample", metavar="N", type=int, default=0)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--afresh", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--page", action="store_true")
    return parser


if __name__ == "__main__":
    for stop in (signal.SIGINT, signal.SIGTERM):  # also where it runs in the background, which ignores Ctrl-C
        signal.signal(stop, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
