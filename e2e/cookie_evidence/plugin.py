"""Wires the evidence to pytest: each worker watches its tests, the process that reports writes the page.

``--evidence FOLDER`` asks for it; ``--evidence-complete`` lets a run fail in which a claim was not looked at.
"""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cookie_evidence.document import About, command_line, commit_of, document, versions
from cookie_evidence.matrix import Matrix, Outcome, State, judge
from cookie_evidence.observer import SeenBrowser, SeenCookie
from cookie_evidence.page import page
from cookie_evidence.promises import Group, read_promises
from cookie_evidence.terminal import lines_of
from cookie_evidence.watching import FACTS, OBSERVER, PICTURES, promises_of
from cookie_harness.engines import ENGINE_NAMES, find_engine
from cookie_harness.hooks import Hooks, Subject


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Offer this harness's hooks."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the options of the evidence."""
    group = parser.getgroup("evidence", "what the run shows, as a page")
    group.addoption("--evidence", metavar="FOLDER", type=Path, help="write index.html and evidence.json there")
    group.addoption(
        "--evidence-complete",
        action="store_true",
        help="fail if a promise was not looked at in a browser that it is claimed for",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collect outcomes in the process that reports; the workers of pytest-xdist only observe."""
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
        seen = [_plain(browser) for browser in observer.seen] if observer else []
        if observer:
            report.user_properties += [("browsers", len(seen)), ("navigations", observer.navigations)]
        facts = item.config.stash.get(FACTS, {})
        report.evidence = {"promises": promises, "engine": engine, "browsers": seen, "facts": facts}  # type: ignore[attr-defined]
    return report


class EvidenceWriter:
    """Gathers the reports of a run and writes the page at its end."""

    def __init__(self, config: pytest.Config, subject: Subject, groups: tuple[Group, ...]) -> None:
        self.config = config
        self.folder: Path = config.option.evidence
        self.subject = subject
        self.groups = groups
        self._phases: dict[str, list[pytest.TestReport]] = {}
        self._facts: dict[str, str] = {}
        self._matrix: Matrix | None = None
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / PICTURES).mkdir(parents=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take one phase of a test."""
        self._phases.setdefault(report.nodeid, []).append(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write everything; a run that should be complete and is not has failed."""
        finished = [phases for phases in self._phases.values() if hasattr(phases[-1], "evidence")]
        for phases in finished:
            self._facts |= phases[-1].evidence["facts"]
        outcomes = [outcome_of(phases, self.folder) for phases in finished]
        promises = [promise for group in self.groups for promise in group.promises]
        self._matrix = judge(promises, outcomes, ENGINE_NAMES)
        summary = "\n".join(["```text", *lines_of(self.groups, self._matrix), "```", ""])
        (self.folder / "summary.md").write_text(summary, encoding="utf-8")
        about = self._about()
        pictures = self.folder / PICTURES
        (self.folder / "index.html").write_text(
            page(about, self.groups, self._matrix, outcomes, pictures), encoding="utf-8"
        )
        text = json.dumps(document(about, self.groups, self._matrix, outcomes), indent=1, ensure_ascii=False)
        (self.folder / "evidence.json").write_text(text, encoding="utf-8")
        incomplete = self.config.option.evidence_complete and self._matrix.open_cells
        if incomplete and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Close with the small matrix."""
        if self._matrix is None:
            return
        terminalreporter.write_sep("=", "promises")
        for line in lines_of(self.groups, self._matrix):
            terminalreporter.write_line(line)
        if self.config.option.evidence_complete:
            for promise, cell in self._matrix.open_cells:
                terminalreporter.write_line(f"{cell.state.value}: {promise.id} in {cell.column.title}", red=True)
        terminalreporter.write_line(f"Evidence: {self.folder / 'index.html'}")

    def _about(self) -> About:
        facts = dict(self._facts)
        for more in self.config.hook.pytest_evidence_facts():
            facts |= more
        engines = {name: str(find_engine(name)) for name in self.config.option.browser}
        return About(
            title=self.subject.title,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            commit=commit_of(self.config.rootpath),
            command=command_line(),
            versions=versions(),
            engines=engines,
            facts=dict(sorted(facts.items())),
        )


def outcome_of(phases: list[pytest.TestReport], folder: Path) -> Outcome:
    """One test's outcome, from the reports of its phases."""
    evidence: dict[str, Any] = phases[-1].evidence
    traces = [str(path) for name, path in phases[-1].user_properties if name == "playwright_trace"]
    return Outcome(
        test=phases[0].nodeid,
        state=state_of(phases),
        promises=tuple(evidence["promises"]),
        engine=evidence["engine"],
        reason=next(filter(None, map(reason_of, phases)), ""),
        seconds=sum(phase.duration for phase in phases),
        browsers=tuple(_browser(each) for each in evidence["browsers"]),
        trace=_from_folder(traces[0], folder) if traces else None,
    )


def state_of(phases: list[pytest.TestReport]) -> State:
    """The verdict of one test."""
    if any(phase.failed for phase in phases):
        return State.BROKEN
    if any(hasattr(phase, "wasxfail") for phase in phases):
        return State.KNOWN
    return State.SKIPPED if any(phase.skipped for phase in phases) else State.KEPT


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


def _plain(browser: SeenBrowser) -> dict[str, Any]:
    return {
        **vars(browser),
        "jar_before": [vars(each) for each in browser.jar_before],
        "jar_after": [vars(each) for each in browser.jar_after],
    }


def _browser(plain: dict[str, Any]) -> SeenBrowser:
    jars = {name: [SeenCookie(**each) for each in plain[name]] for name in ("jar_before", "jar_after")}
    return SeenBrowser(**{**plain, **jars})


def _from_folder(path: str, folder: Path) -> str:
    """A path as the page in `folder` must write it."""
    return Path(os.path.relpath(path, folder)).as_posix()
