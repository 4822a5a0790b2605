"""Gathers the reports of a run, and at its end writes what they show."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cookie_evidence.evidence import About, Evidence, RunEnd
from cookie_evidence.folder import JUNIT, PAGE, keep_traces, prepare_folder, write_evidence
from cookie_evidence.hooks import Subject
from cookie_evidence.promises import PromiseGroup
from cookie_evidence.reports import seen_test_of
from cookie_evidence.terminal import lines_of
from cookie_evidence.versions import command_line, commit_of, versions
from cookie_harness.engines import DEFAULT_ENGINES, find_engine

_PASSED = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
_CUT_SHORT = {pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR}


class EvidenceWriter:
    """Gathers the reports of a run and writes the page at its end."""

    def __init__(self, config: pytest.Config, subject: Subject, groups: tuple[PromiseGroup, ...]) -> None:
        self.config = config
        self.folder: Path = config.option.evidence
        self.subject = subject
        self.groups = groups
        self._phases: dict[str, list[pytest.TestReport]] = {}
        self._evidence: Evidence | None = None
        prepare_folder(self.folder)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take one phase of a test."""
        self._phases.setdefault(report.nodeid, []).append(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write everything; a run that should be complete and is not has failed."""
        finished = [phases for _, phases in sorted(self._phases.items()) if hasattr(phases[-1], "evidence")]
        tests = keep_traces(map(seen_test_of, finished), Path(), self.folder)
        evidence = Evidence(
            about=self._about(finished),
            groups=self.groups,
            engines=engines_claimed(self.config.option.browser),
            tests=tuple(tests),
            ended=end_of(session),
            shard=self.config.option.shard,
            complete=self.config.option.evidence_complete,
        )
        if evidence.incomplete and session.exitstatus in _PASSED:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            evidence = replace(evidence, ended=RunEnd.FAILED)
        self._evidence = evidence
        write_evidence(evidence, self.folder, single_file=self.config.option.evidence_single_file)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Close with the small matrix."""
        if self._evidence is None:
            return
        terminalreporter.write_sep("=", "promises")
        for line in lines_of(self.groups, self._evidence.matrix):
            terminalreporter.write_line(line)
        if self._evidence.incomplete:
            for promise, cell in self._evidence.matrix.open_cells:
                terminalreporter.write_line(f"{cell.state.value}: {promise.id} in {cell.column.title}", red=True)
        terminalreporter.write_line(f"Evidence: {self.folder / PAGE}")

    def pytest_unconfigure(self) -> None:
        """Keep JUnit's report, which was written after the evidence, for `scripts/evidence merge`."""
        chosen: str | None = self.config.getoption("xmlpath", None)
        if chosen and self._evidence:
            report = Path(os.path.expandvars(chosen)).expanduser()
            if report.is_file() and report.resolve() != (self.folder / JUNIT).resolve():
                shutil.copyfile(report, self.folder / JUNIT)

    def _about(self, finished: list[list[pytest.TestReport]]) -> About:
        facts: dict[str, str] = {}
        for phases in finished:
            facts |= phases[-1].evidence["facts"]
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


def engines_claimed(driven: Sequence[str]) -> tuple[str, ...]:
    """The engines that the promises are claimed for: those of a run that names none, and whatever else was driven."""
    return tuple(dict.fromkeys([*DEFAULT_ENGINES, *driven]))


def end_of(session: pytest.Session) -> RunEnd:
    """How a run ended."""
    if session.exitstatus in _CUT_SHORT or session.shouldfail or session.shouldstop:
        return RunEnd.CUT_SHORT
    return RunEnd.PASSED if session.exitstatus in _PASSED else RunEnd.FAILED
