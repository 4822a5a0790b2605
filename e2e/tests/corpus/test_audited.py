"""The audit is right on sites of the corpus; `scripts/bench audit` goes through all, by the audit's own command."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cookie_audit.browsers import browsers_of
from cookie_audit.declarations import declarations_at
from cookie_audit.findings import judged_site
from cookie_audit.links import origin_of
from cookie_audit.observation import ConsentState
from cookie_audit.visits import FOUR_STATES, Buttons, Visit, visit_with
from cookie_corpus.scoring import compared
from cookie_corpus.server import CorpusServer
from cookie_corpus.table import CorpusSite, sites_named
from cookie_corpus.tools import findings_of
from cookie_harness import Engine, find_engine

pytestmark = [pytest.mark.promise("U8"), pytest.mark.timeout(360)]

Auditing = Callable[[CorpusSite, tuple[ConsentState, ...], Path], list[dict[str, str]]]
"""Audits a site in some states, and gives back the findings as a report has them."""

# The states beside the usual four, each with the kind of finding that is made in it alone.
FURTHER = {
    ConsentState.ONE_PURPOSE: "purpose-ignored",
    ConsentState.DELETED: "revived",
    ConsentState.GPC: "gpc-ignored",
}
IN_BOTH = ["many-wrongs"]
IN_CHROMIUM = [
    "always-everywhere",
    "before-by-image-elsewhere",
    "declared-as-necessary",
    "frame-withdrawal-keeps",
    "purpose-brings-another",
    "refusal-two-clicks",
    "revived-from-etag",
    "right-csrf",
    "shadow-refusal-ignored",
    "too-long-by-script",
    "wall-of-glass",
]


@contextmanager
def audits_in(engine: Engine, folder: Path) -> Iterator[Auditing]:
    """All sites are audited in the same browsers, from a thread: pytest's own Playwright has the main one."""
    with ThreadPoolExecutor(1) as thread, ExitStack() as stack:
        browsers = thread.submit(stack.enter_context, browsers_of(engine, folder, keep=True)).result()

        def audit(site: CorpusSite, states: tuple[ConsentState, ...], pictures: Path) -> list[dict[str, str]]:
            with CorpusServer(site) as server:
                seen = visit_with(Visit(server.url, Buttons(), folder, pictures, states=states), browsers)
                given = declarations_at(origin_of(seen.start))
            judged = judged_site(seen, given.declared if given.source else None, engine.name)
            return [
                {"kind": each.kind.value, "subject": each.subject, "browser": each.engine} for each in judged.findings
            ]

        yield lambda *what: thread.submit(audit, *what).result()
        thread.submit(stack.close).result()


@pytest.fixture(scope="module")
def auditing(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Auditing]:
    """Audits in the engine of the test."""
    with audits_in(engine, tmp_path_factory.mktemp("browsers")) as audit:
        yield audit


@pytest.fixture(scope="module")
def auditing_in_chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Auditing]:
    """Audits in Chromium alone, whatever engines a run has."""
    with audits_in(find_engine("chromium"), tmp_path_factory.mktemp("browsers")) as audit:
        yield audit


def states_for(site: CorpusSite) -> tuple[ConsentState, ...]:
    """The usual four and those that a truth of the site is about; all of a right one, and of one in both engines."""
    kinds = {each.kind for each in site.truths}
    is_whole = not kinds or site.name in IN_BOTH
    return (*FOUR_STATES, *(state for state, kind in FURTHER.items() if is_whole or kind in kinds))


def complaints(name: str, engine: str, auditing: Auditing, folder: Path) -> dict[str, list[tuple[str, str]]]:
    """What the audit of a site found that is not true, and what it missed."""
    [site] = sites_named([name])
    sheet = compared(site, engine, findings_of(auditing(site, states_for(site), folder), engine))
    return {"false": sorted(sheet.false), "missed": sorted(sheet.missed)}


@pytest.mark.parametrize("name", IN_BOTH)
def test_the_audit_finds_in_both_engines_what_is_true_and_nothing_else(
    name: str, browser_name: str, auditing: Auditing, tmp_path: Path
) -> None:
    assert complaints(name, browser_name, auditing, tmp_path) == {"false": [], "missed": []}


@pytest.mark.parametrize("name", IN_CHROMIUM)
def test_the_audit_finds_what_is_true_and_nothing_else(
    name: str, auditing_in_chromium: Auditing, tmp_path: Path
) -> None:
    assert complaints(name, "chromium", auditing_in_chromium, tmp_path) == {"false": [], "missed": []}
