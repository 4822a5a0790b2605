"""A report's folder: the page, the pages of the tests, the document, the summary, the pictures and the traces."""

import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from cookie_evidence.document import DOCUMENT, document
from cookie_evidence.evidence import Evidence
from cookie_evidence.matrix import SeenTest
from cookie_evidence.page import PICTURES, TESTS, digest_of, one_page, pages
from cookie_evidence.terminal import lines_of

PAGE = "index.html"
TRACES = "traces"
JUNIT = "junit.xml"
"""JUnit's report of the run, if one was asked for: a copy, for the merging of several runs."""


def prepare_folder(folder: Path) -> None:
    """Make a folder for a report, empty but for the folder of its pictures."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / PICTURES).mkdir(parents=True)


def write_evidence(evidence: Evidence, folder: Path, *, single_file: bool) -> None:
    """Write all that is made of the evidence; the pictures and traces are there.

    With `single_file`, everything but the traces goes into the one page.
    """
    folder.joinpath(DOCUMENT).write_text(json.dumps(document(evidence), indent=1, ensure_ascii=False), encoding="utf-8")
    lines = [*lines_of(evidence.groups, evidence.matrix), *(f"not run: {line}" for line in evidence.not_run)]
    summary = "\n".join(["```text", *lines, "```", ""])
    folder.joinpath("summary.md").write_text(summary, encoding="utf-8")
    if single_file:
        folder.joinpath(PAGE).write_text(one_page(evidence, folder), encoding="utf-8")
        return
    folder.joinpath(TESTS).mkdir(exist_ok=True)
    for name, text in pages(evidence, folder).items():
        folder.joinpath(name).write_text(text, encoding="utf-8")


def keep_traces(tests: Iterable[SeenTest], origin: Path, folder: Path) -> list[SeenTest]:
    """Keep the tests' traces, whose paths are taken from `origin`, in a report's folder, as far as they are there."""
    return [replace(test, trace=_kept(origin / test.trace, folder, test)) if test.trace else test for test in tests]


def keep_pictures(tests: Iterable[SeenTest], origin: Path, folder: Path) -> None:
    """Take over the tests' pictures from another report's folder, those that are there."""
    for browser in (browser for test in tests for browser in test.browsers):
        if browser.screenshot and (picture := origin / PICTURES / browser.screenshot).is_file():
            link_or_copy(picture, folder / PICTURES / browser.screenshot)


def _kept(trace: Path, folder: Path, test: SeenTest) -> str | None:
    if not trace.is_file():
        return None
    name = f"{TRACES}/{file_name_of(test.id)}{trace.suffix}"
    folder.joinpath(TRACES).mkdir(exist_ok=True)
    link_or_copy(trace, folder / name)
    return name


def file_name_of(test: str) -> str:
    """A test's id as the beginning of a file's name; the same in every run, and no other test's."""
    file, _, name = test.partition("::")
    return f"{re.sub(r'[^a-zA-Z0-9_]+', '-', f'{Path(file).stem}-{name}')[:100]}-{digest_of(test)[:6]}"


def link_or_copy(file: Path, target: Path) -> None:
    """Have a file's content in a second place, which takes no room where the file system can do that."""
    target.unlink(missing_ok=True)
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
