"""pytest's reports of one test's phases, turned into what the test saw and what became of it."""

from typing import Any

import pytest

from cookie_evidence.document import seen_browser
from cookie_evidence.matrix import CellState, SeenTest
from cookie_evidence.observer import SeenBrowser


def seen_test_of(phases: list[pytest.TestReport]) -> SeenTest:
    """One test, from the reports of its phases; its trace is where the harness has left it."""
    evidence: dict[str, Any] = phases[-1].evidence
    traces = [str(path) for name, path in phases[-1].user_properties if name == "playwright_trace"]
    return SeenTest(
        id=phases[0].nodeid,
        state=state_of(phases),
        promises=tuple(evidence["promises"]),
        engine=evidence["engine"],
        reason=next(filter(None, map(reason_of, phases)), ""),
        seconds=sum(phase.duration for phase in phases),
        browsers=tuple(seen_browser(each) for each in evidence["browsers"]),
        trace=traces[0] if traces else None,
    )


def state_of(phases: list[pytest.TestReport]) -> CellState:
    """The verdict of one test."""
    if any(phase.failed for phase in phases):
        return CellState.BROKEN
    if any(hasattr(phase, "wasxfail") for phase in phases):
        return CellState.KNOWN
    return CellState.SKIPPED if any(phase.skipped for phase in phases) else CellState.KEPT


def reason_of(phase: pytest.TestReport) -> str:
    """Why a phase was skipped, expected to fail, or failed; "" for one that passed."""
    if hasattr(phase, "wasxfail"):
        return str(phase.wasxfail)
    if phase.skipped and isinstance(phase.longrepr, tuple):
        return str(phase.longrepr[2]).removeprefix("Skipped: ")
    crash = getattr(phase.longrepr, "reprcrash", None)
    if phase.failed:
        return str(crash.message if crash else phase.longrepr).splitlines()[0]
    return ""


def plain(browser: SeenBrowser) -> dict[str, Any]:
    """What was seen of a browser, in values that pytest-xdist can send from one process to another."""
    return {
        **vars(browser),
        "jar_before": [vars(each) for each in browser.jar_before],
        "jar_after": [vars(each) for each in browser.jar_after],
    }
