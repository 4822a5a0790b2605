"""Wires the evidence to pytest: each worker watches its tests, the process that reports writes the page.

``--evidence FOLDER`` asks for it; ``--evidence-complete`` lets a run fail in which a claim was not looked at;
``--evidence-single-file`` makes one file of the pages.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from cookie_evidence import hooks
from cookie_evidence.folder import file_name_of
from cookie_evidence.hooks import FACTS, Subject
from cookie_evidence.observer import Observer
from cookie_evidence.page import PICTURES
from cookie_evidence.promises import read_promises
from cookie_evidence.reports import plain
from cookie_evidence.writer import EvidenceWriter
from cookie_harness.policies import BrowserSettings

pytest_plugins = ["cookie_harness.plugin"]

OBSERVER = pytest.StashKey[Observer]()
"""In a test: who watches its browsers."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Offer the hooks of the evidence."""
    pluginmanager.add_hookspecs(hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the options of the evidence."""
    group = parser.getgroup("evidence", "what the run shows, as a page")
    group.addoption("--evidence", metavar="FOLDER", type=Path, help="write index.html and evidence.json there")
    group.addoption(
        "--evidence-complete",
        action="store_true",
        help="fail if a promise was not looked at in a browser that it is claimed for; in a shard: once it is merged",
    )
    group.addoption(
        "--evidence-single-file",
        action="store_true",
        help="put what each test saw, with its pictures, into index.html, instead of into files beside it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Gather in the process that reports; the workers of pytest-xdist only observe."""
    config.addinivalue_line("markers", "promise(*ids): the promises, by id, that a test shows")
    if config.option.evidence is None or hasattr(config, "workerinput"):
        return
    subject: Subject | None = config.hook.pytest_evidence_subject()
    if subject is None:
        raise pytest.UsageError("--evidence needs to know the site: implement the hook pytest_evidence_subject.")
    config.pluginmanager.register(EvidenceWriter(config, subject, read_promises(subject.promises)), "evidence-writer")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Send what was observed along with the report of a test's end; a worker's report is turned into JSON and back."""
    report: pytest.TestReport = yield
    promises = promises_of(item)
    if not promises:
        return report
    if report.when == "setup":
        report.user_properties += [("promise", promise) for promise in promises]
    if report.when == "teardown" and item.config.option.evidence is not None:
        observer = item.stash.get(OBSERVER, None)
        engine = item.callspec.params.get("browser_name") if hasattr(item, "callspec") else None
        seen = [plain(browser) for browser in observer.seen] if observer else []
        if observer:
            report.user_properties += [("browsers", len(seen)), ("navigations", observer.navigations)]
        facts = item.config.stash.get(FACTS, {})
        report.evidence = {"promises": promises, "engine": engine, "browsers": seen, "facts": facts}  # type: ignore[attr-defined]
    return report


def pytest_browser_opened(item: pytest.Item, context: BrowserContext, settings: BrowserSettings) -> None:
    """Watch the browsers of tests that show a promise, in a run that writes evidence."""
    if observer := observer_of(item):
        observer.start(context, settings)


def pytest_browser_refused(item: pytest.Item, settings: BrowserSettings) -> None:
    """Count what became of the test for the kind of browser that it asked for, and for no other."""
    if observer := observer_of(item):
        observer.refuse(settings)


def pytest_browser_closing(item: pytest.Item, context: BrowserContext) -> None:
    """Look into a browser for the last time."""
    if observer := observer_of(item):
        observer.stop(context)


def observer_of(item: pytest.Item) -> Observer | None:
    """The observer of a test that shows a promise, in a run that writes evidence."""
    folder: Path | None = item.config.option.evidence
    if folder is None or not promises_of(item):
        return None
    if OBSERVER not in item.stash:
        subject: Subject = item.config.hook.pytest_evidence_subject()
        beginning = folder / PICTURES / file_name_of(item.nodeid)
        item.stash[OBSERVER] = Observer(subject.session_cookie, lambda number: Path(f"{beginning}-{number}.jpg"))
    return item.stash[OBSERVER]


def promises_of(item: pytest.Item) -> list[str]:
    """The promises that a test shows, by id."""
    found = (promise for marker in item.iter_markers("promise") for promise in marker.args)
    return sorted(set(found))
