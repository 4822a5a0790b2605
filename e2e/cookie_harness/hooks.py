"""What a suite that uses this harness tells it about the site under test."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Subject:
    """The site under test, as far as a report must know it."""

    title: str
    promises: Path
    """A file as `cookie_evidence.promises` reads it."""
    session_cookie: str = "sessionid"
    """A pattern for the names of the cookie whose life is the session's."""


class Hooks:
    """The harness's own hooks; a conftest or a plugin implements them by name."""

    @pytest.hookspec(firstresult=True)
    def pytest_evidence_subject(self) -> Subject:
        """Name the site under test. Without it no evidence can be written."""
        raise LookupError

    @pytest.hookspec
    def pytest_evidence_facts(self) -> Mapping[str, str]:
        """What else a report should say of the site, such as the version of its framework."""
        raise LookupError
