"""The judgements as a line in the terminal, as JSON and as a table; the page of docs/ that lists the faults."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from library_suite.mutation.faults import Fault, needs_browser
from library_suite.mutation.verdicts import FaultVerdict, Judgement

PAGE = Path("docs/faults.md")
"""Where the table stands, from the root. What is above the heading is written by hand."""
HEADING = "## The faults\n"
RENEW = "scripts/mutate --page"
"""Writes the table anew."""


def line_of(judgement: Judgement) -> str:
    """One row of the table in the terminal; what went wrong below it."""
    fault = judgement.fault
    tests = ", ".join(name_of(test) for test in fault.tests)
    row = f"{fault.number:>3}  {judgement.verdict:<15} {judgement.seconds:>5.0f} s  {fault.sentence}\n     {tests}"
    return row if judgement.verdict is FaultVerdict.CAUGHT else f"{row}\n     ! {judgement.detail}"


def summary_of(judgements: Iterable[Judgement]) -> str:
    """The closing sentence."""
    verdicts = [judgement.verdict for judgement in judgements]
    counted = [f"{verdicts.count(verdict)} {verdict}" for verdict in FaultVerdict if verdict in verdicts]
    return f"{len(verdicts)} faults: {', '.join(counted) or 'none'}."


def as_json(judgements: Iterable[Judgement]) -> str:
    """All that is known, by number."""
    return json.dumps([_entry(judgement) for judgement in judgements], indent=2, ensure_ascii=False) + "\n"


def _entry(judgement: Judgement) -> dict[str, Any]:
    fault = judgement.fault
    return {
        "number": fault.number,
        "name": fault.name,
        "fault": fault.sentence,
        "tests": list(fault.tests),
        "engine": fault.engine,
        "verdict": judgement.verdict.value,
        "detail": judgement.detail,
        "seconds": round(judgement.seconds, 1),
    }


def as_markdown(judgements: Sequence[Judgement]) -> str:
    """The table of a run; where a fault was not caught, that stands in the place of who saw it."""
    return table(
        [row_of(each.fault, "" if each.verdict is FaultVerdict.CAUGHT else each.verdict) for each in judgements]
    )


def page_of(page: str, faults: Iterable[Fault]) -> str:
    """The page with the table of these faults below its heading, in place of what stood there."""
    written_by_hand, _heading, _old_table = page.partition(HEADING)
    return f"{written_by_hand}{HEADING}\n{table(map(row_of, faults))}"


def row_of(fault: Fault, instead: str = "") -> str:
    """One fault's row: what is wrong, and who saw it."""
    seen_by = instead or "<br>".join(f"{where(test, fault)}: `{name_of(test)}`" for test in fault.tests)
    return f"| {fault.number} | {fault.sentence} | {seen_by} |"


def table(rows: Iterable[str]) -> str:
    """Rows under their heading."""
    return "\n".join(["| no. | what is wrong | seen by |", "|---|---|---|", *rows]) + "\n"


def where(test: str, fault: Fault) -> str:
    """Which suite a test belongs to, and in which browser it runs if that has to be another one than Chromium."""
    if not needs_browser(test):
        return "unit tests"
    return "browser suite" if fault.engine == "chromium" else f"browser suite, {fault.engine.title()}"


def name_of(test: str) -> str:
    """A test's own name, without its file."""
    return test.partition("::")[2]
