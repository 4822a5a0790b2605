"""``--smoke``: one test for each group of promises in each engine, for a first answer. A pytest plugin.

The list of promises chooses, not a hand: of the tests that show a promise of a group, the one that took the shortest
time in the run that `e2e/durations.json` is from.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    promises: Sequence[str]


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
        items[:] = [item for item in items if item.nodeid in chosen]
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
    return SmokeCandidate(item.nodeid, engine, promises_of(item))


def choose(
    groups: Iterable[PromiseGroup],
    engines: Sequence[str],
    candidates: Sequence[SmokeCandidate],
    durations: Mapping[str, float],
) -> set[str]:
    """Choose the ids of the tests; a test of unknown length only where there is no other.

    Raises `pytest.UsageError` for a group that none of the candidates shows.
    """

    def cost(candidate: SmokeCandidate) -> tuple[float, str]:
        return durations.get(candidate.id, float("inf")), candidate.id

    chosen = set()
    for group in groups:
        ids = {promise.id for promise in group.promises}
        showing = [candidate for candidate in candidates if ids.intersection(candidate.promises)]
        for engine in engines:
            # What needs no browser counts for a group that has nothing else.
            suitable = [each for each in showing if each.engine == engine] or [
                each for each in showing if not each.engine
            ]
            if not suitable:
                raise pytest.UsageError(f"No test of this selection shows a promise of group {group.id} in {engine}.")
            chosen.add(min(suitable, key=cost).id)
    return chosen
