"""The audit as a terminal shows it: a table for each browser, then the findings."""

from collections.abc import Iterator, Sequence

from cookie_audit.observation import NotRun
from cookie_audit.report import SENTENCE_LENGTH, EngineAudit, Report, counts, finding_in_words, plain, rows


def lines(report: Report) -> Iterator[str]:
    """The report, line by line."""
    declared = f"declarations: {plain(report.declarations)}" if report.declarations else "no declarations were found"
    yield f"{plain(report.url)}; {declared}"
    for audit in report.engines:
        yield ""
        yield from _table(audit)
        for state, press in audit.presses:
            yield f"{state}: pressed the {press.role or 'text'} “{plain(press.name)}”" + _frame(press.frame)
        for each in audit.states:
            if isinstance(each.seen, NotRun):
                yield f"{each.title}: not run: {plain(each.seen.why)}"
            elif each.cut_short:
                yield f"{each.title}: cut short: {plain(each.cut_short, SENTENCE_LENGTH)}"
    yield ""
    findings, new = report.findings(), report.new_findings()
    yield f"{len(findings)} finding{'s' if len(findings) != 1 else ''}{':' if findings else '.'}"
    yield from (f"- {'' if finding in new else '(known before) '}{finding_in_words(finding)}" for finding in findings)
    yield from (f"note: {plain(note, None)}" for note in report.notes())


def _frame(address: str) -> str:
    return f" in the frame {plain(address)}" if address else ""


def _table(audit: EngineAudit) -> Iterator[str]:
    head = (f"{audit.engine.name} {audit.engine.version}", "purpose", *(plain(each.title) for each in audit.states))
    body = [(row.title, row.purpose, *(each.text for each in row.cells)) for row in rows(audit)]
    foot = [(each.title, "", *each.numbers) for each in counts(audit)]
    return _aligned([head, *body, *foot])


def _aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for row in table:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
