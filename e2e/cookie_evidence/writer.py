"""Gathers the reports of a run, judges at its end, and writes the page, the document and the summary."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cookie_evidence.document import About, command_line, commit_of, document, versions
from cookie_evidence.hooks import Subject
from cookie_evidence.matrix import Matrix, judge
from cookie_evidence.page import page
from cookie_evidence.promises import PromiseGroup
from cookie_evidence.reports import seen_test_of
from cookie_evidence.terminal import lines_of
from cookie_harness.engines import ENGINE_NAMES, find_engine

PICTURES = "pictures"
"""The folder of the screenshots, in the evidence's own."""


class EvidenceWriter:
    """Gathers the reports of a run and writes the page at its end."""

    def __init__(self, config: pytest.Config, subject: Subject, groups: tuple[PromiseGroup, ...]) -> None:
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
        tests = [seen_test_of(phases, self.folder) for phases in finished]
        promises = [promise for group in self.groups for promise in group.promises]
        self._matrix = judge(promises, tests, ENGINE_NAMES)
        summary = "\n".join(["```text", *lines_of(self.groups, self._matrix), "```", ""])
        (self.folder / "summary.md").write_text(summary, encoding="utf-8")
        about = self._about()
        pictures = self.folder / PICTURES
        (self.folder / "index.html").write_text(
            page(about, self.groups, self._matrix, tests, pictures), encoding="utf-8"
        )
        text = json.dumps(document(about, self.groups, self._matrix, tests), indent=1, ensure_ascii=False)
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
