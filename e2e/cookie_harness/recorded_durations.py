"""How long each test took in an earlier run: what the plan of a next run goes by.

They are kept in a file, so that every machine makes the same plan, and written by a tool, never by hand:

    python -m cookie_harness.recorded_durations build/evidence/evidence.json --write durations.json
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

PASSED = "kept"
"""The state, in the evidence, of a test whose time says what it costs: one that is left out or fails ends early."""


def read_durations(file: Path | None) -> dict[str, float]:
    """Read the seconds of each test, by its id; nothing is known without a file."""
    if file is None or not file.exists():
        return {}
    seconds: dict[str, float] = json.loads(file.read_text(encoding="utf-8"))["seconds"]
    return seconds


def durations_of(runs: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Make the file's content of the evidence of one run, or of its shards; of two durations of one test, the last."""
    runs = list(runs)
    tests = (test for run in runs for test in run["tests"] if test["state"] == PASSED)
    return {
        "made_at": max(run["about"]["made_at"] for run in runs),
        "commit": runs[-1]["about"]["commit"],
        "seconds": dict(sorted((test["id"], test["seconds"]) for test in tests)),
    }


def main(arguments: Sequence[str]) -> None:
    """Write the file anew."""
    parser = argparse.ArgumentParser(prog="python -m cookie_harness.recorded_durations", description=__doc__)
    parser.add_argument("evidence", nargs="+", type=Path, help="evidence.json of a run of everything, or of each shard")
    parser.add_argument("--write", metavar="FILE", type=Path, required=True, help="the file of durations")
    options = parser.parse_args(arguments)
    try:
        content = durations_of(json.loads(file.read_text(encoding="utf-8")) for file in options.evidence)
    except OSError as error:
        parser.error(
            f"{error.filename} can't be read ({error.strerror}): a run with --evidence FOLDER writes it there."
        )
    options.write.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{options.write}: {len(content['seconds'])} tests, {round(sum(content['seconds'].values()))} seconds")


if __name__ == "__main__":
    main(sys.argv[1:])
