"""What a suite tells the evidence about the site under test: a conftest or a plugin implements these hooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

FACTS = pytest.StashKey[dict[str, str]]()
"""In a configuration: what a test's process has learnt of the running site, for the report."""


@dataclass(frozen=True)
class Subject:
    """The site under test, as far as a report must know it."""

    title: str
    promises: Path
    """A file as `cookie_evidence.promises` reads it."""
    session_cookie: str = "sessionid"
    """A pattern for the names of the cookie whose life is the session's."""


@pytest.hookspec(firstresult=True)
def pytest_evidence_subject() -> Subject | None:
    """Name the site under test. Without it no evidence can be written."""


@pytest.hookspec
def pytest_evidence_facts() -> Mapping[str, str] | None:
    """What else a report should say of the site, such as the version of its framework."""
