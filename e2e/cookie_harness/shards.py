"""Deals a suite out to several machines: ``--shard 2/4`` runs the second of four parts.

The tests of one file in one engine stay together, as they ask for the same servers and browsers. The plan goes by how
long they took in an earlier run (``--recorded-durations FILE``), and by nothing else: every machine makes the same
one, and the shards together are exactly the whole.
"""

import argparse
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cookie_harness.engines import ENGINE_NAMES
from cookie_harness.recorded_durations import read_durations

_ENGINE = re.compile(rf"[\[-]({'|'.join(ENGINE_NAMES)})[\]-]")
"""An engine among the parameters that stand behind a test's name."""
_SHARD = re.compile(r"([1-9]\d*)/([1-9]\d*)", re.ASCII)


@dataclass(frozen=True)
class Shard:
    """One of so many parts of a suite, counted from 1."""

    index: int
    of: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read "2/4". Raises `argparse.ArgumentTypeError` for anything else."""
        found = _SHARD.fullmatch(text)
        if not found or int(found[1]) > int(found[2]):
            raise argparse.ArgumentTypeError(f"{text!r} is no shard: the second of four is 2/4.")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"


def engine_of(nodeid: str) -> str | None:
    """The engine that a test drives."""
    engine = _ENGINE.search(nodeid.partition("::")[2])
    return engine[1] if engine else None


def unit_of(nodeid: str, together: Sequence[str] = ()) -> str:
    """Name what a test is handed out with, such as "tests/test_a.py firefox", or one of the folders `together`."""
    file, engine = nodeid.partition("::")[0], engine_of(nodeid)
    for folder in together:
        if file.startswith(f"{folder}/"):
            return folder
    return f"{file} {engine}" if engine else file


def costs_of(units: Iterable[str], durations: Mapping[str, float], together: Sequence[str] = ()) -> dict[str, float]:
    """Seconds of each unit, from the durations of its tests; an unknown one costs the median of the known ones."""
    known: dict[str, float] = defaultdict(float)
    for test, seconds in durations.items():
        known[unit_of(test, together)] += seconds
    median = statistics.median(known.values()) if known else 1.0
    return {unit: known.get(unit, median) for unit in units}


def plan(costs: Mapping[str, float], shards: int) -> list[list[str]]:
    """Deal units out: the dearest first, each to the shard that has least to do so far.

    https://en.wikipedia.org/wiki/Longest-processing-time-first_scheduling
    """
    dealt: list[list[str]] = [[] for _ in range(shards)]
    loads = [0.0] * shards
    for unit in sorted(costs, key=lambda unit: (-costs[unit], unit)):
        idlest = loads.index(min(loads))
        dealt[idlest].append(unit)
        loads[idlest] += costs[unit]
    return dealt


def in_order(costs: Mapping[str, float]) -> list[str]:
    """Say in which order one machine runs its units, so that no worker is busy long after all others.

    The longest first, but one engine after the other: what a worker has started for an engine (its browsers, one for
    each set of settings) ends when it turns to another. What drives none, or more than one, begins.
    """
    of_engine: dict[str, float] = defaultdict(float)
    for unit, seconds in costs.items():
        of_engine[_engine_of_unit(unit)] += seconds

    def rank(unit: str) -> tuple[bool, float, str, float, str]:
        engine = _engine_of_unit(unit)
        return engine != "", -of_engine[engine], engine, -costs[unit], unit

    return sorted(costs, key=rank)


def _engine_of_unit(unit: str) -> str:
    engine = unit.rpartition(" ")[2]
    return engine if engine in ENGINE_NAMES else ""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the options."""
    group = parser.getgroup("harness", "the browser harness")
    group.addoption("--shard", metavar="I/N", type=Shard.parse, help="run the I-th of N parts of the suite")
    group.addoption(
        "--recorded-durations",
        type=Path,
        metavar="FILE",
        help="what shards are balanced by; written by python -m cookie_harness.recorded_durations",
    )
    group.addoption(
        "--keep-together",
        action="append",
        default=[],
        metavar="FOLDER",
        help="have all tests below it run in one shard, and in one worker of cookie_harness.scheduler",
    )


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say that this is a part."""
    shard: Shard | None = config.option.shard
    return [f"shard {shard.index} of {shard.of}: the others are no part of this run"] if shard else []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what other shards run, and put the rest in order."""
    shard: Shard | None = config.option.shard
    durations = read_durations(config.option.recorded_durations)
    if shard is None and not durations:
        return
    together: list[str] = config.option.keep_together
    units = {item: unit_of(item.nodeid, together) for item in items}
    shard = shard or Shard(1, 1)
    costs = costs_of(units.values(), durations, together)
    mine = in_order({unit: costs[unit] for unit in plan(costs, shard.of)[shard.index - 1]})
    config.hook.pytest_deselected(items=[item for item in items if units[item] not in mine])
    items[:] = sorted((item for item in items if units[item] in mine), key=lambda item: mine.index(units[item]))
