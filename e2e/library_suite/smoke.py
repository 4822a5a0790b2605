"""``--smoke``: one test for each group of promises in each engine, for a first answer. A pytest plugin.

The list of promises chooses, not a hand: of the tests that show a promise of a group, the one that took the shortest
time in the run that `e2e/durations.json` is from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from cookie_evidence.plugin import promises_of
from cookie_evidence.promises import PromiseGroup, read_promises
from cookie_harness.recorded_durations import read_durations
from library_suite.promises import DURATIONS_FILE, PROMISES_FILE

NO_PROOF = "A smoke run looks at one claim of each group. It is no proof of the rest: ./scripts/test is."


@dataclass(frozen=True)
class SmokeCandidate:
    """A test that may be chosen."""

    id: str
    engine: str | None
    """None for a test without a browser of its own."""
    promises: tuple[str, ...]
    shares_a_start: bool = False
    """Whether it is of a folder that is kept together, for a start so dear that its own duration says little."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the option."""
    group = parser.getgroup("library", "the suite of the Local Library")
    group.addoption("--smoke", action="store_true", help="one test for each group of promises in each engine")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Any:
    """Leave all others out, once every plugin has marked and sorted."""
    result = yield
    if config.option.smoke:
        candidates = [_candidate(item) for item in items if not any(item.iter_markers("xfail"))]
        groups = read_promises(PROMISES_FILE)
        chosen = choose(groups, config.option.browser, candidates, read_durations(DURATIONS_FILE))
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
        items[:] = sorted((item for item in items if item.nodeid in chosen), key=lambda item: chosen.index(item.nodeid))
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was chosen, what became of it, and what that does not prove."""
    if not config.option.smoke:
        return
    promises = {
        report.nodeid: [value for name, value in report.user_properties if name == "promise"]
        for report in terminalreporter.getreports("")
        if report.when == "setup"
    }
    terminalreporter.write_sep("=", "smoke")
    for verdict in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.getreports(verdict):
            shown = ", ".join(promises.get(report.nodeid, ()))
            terminalreporter.write_line(f"{verdict:7} {shown:8} {report.nodeid}")
    terminalreporter.write_line(NO_PROOF)


def _candidate(item: pytest.Item) -> SmokeCandidate:
    engine = item.callspec.params.get("browser_name") if hasattr(item, "callspec") else None
    shares_a_start = any(item.nodeid.startswith(f"{folder}/") for folder in item.config.option.keep_together)
    return SmokeCandidate(item.nodeid, engine, tuple(promises_of(item)), shares_a_start)


def choose(
    groups: Sequence[PromiseGroup],
    engines: Sequence[str],
    candidates: Sequence[SmokeCandidate],
    durations: Mapping[str, float],
) -> list[str]:
    """Choose the ids of the tests: one engine after the other, the quickest first, for an early verdict.

    A test of unknown length is chosen only where there is no other. Raises `pytest.UsageError` for a group that none of
    the candidates shows.
    """

    def cost(candidate: SmokeCandidate) -> tuple[bool, float, str]:
        return candidate.shares_a_start, durations.get(candidate.id, float("inf")), candidate.id

    chosen: list[str] = []
    for engine in engines:
        quickest = {min(_showing(group, engine, candidates), key=cost) for group in groups}
        chosen += [candidate.id for candidate in sorted(quickest, key=cost)]
    return list(dict.fromkeys(chosen))


def _showing(group: PromiseGroup, engine: str, candidates: Sequence[SmokeCandidate]) -> list[SmokeCandidate]:
    """Those that show a promise of a group in an engine; without a browser only where no other does."""
    ids = {promise.id for promise in group.promises}
    showing = [candidate for candidate in candidates if ids.intersection(candidate.promises)]
    in_engine = [candidate for candidate in showing if candidate.engine == engine]
    suitable = in_engine or [candidate for candidate in showing if candidate.engine is None]
    if not suitable:
        raise pytest.UsageError(f"No test of this selection shows a promise of group {group.id} in {engine}.")
    return suitable
