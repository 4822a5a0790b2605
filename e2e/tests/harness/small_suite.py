"""A small suite, to be run as a whole, in shards, or changed by variables, with evidence."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

E2E = Path(__file__).parents[2]

FILES = {
    "promises.toml": """
[[group]]
id = "V"
title = "Visits"

[[promise]]
id = "V1"
sentence = "A cookie comes back."
policies = ["accept"]
lifetimes = ["lasting"]

[[promise]]
id = "V2"
sentence = "It answers."
policies = []
lifetimes = ["lasting"]

[[promise]]
id = "V3"
sentence = "It answers again."
policies = []
lifetimes = ["lasting"]
""",
    "conftest.py": """
from pathlib import Path

from cookie_evidence import Subject

pytest_plugins = ["cookie_evidence.plugin"]


def pytest_evidence_subject():
    return Subject("A site", Path(__file__).with_name("promises.toml"), session_cookie="token-header")
""",
    "test_1.py": """
import os

import pytest


@pytest.mark.promise("V1")
def test_a_cookie_comes_back(new_visitor, echo_site):
    page = new_visitor().new_page()
    page.goto(echo_site.set_url("token", max_age=int(os.environ.get("AGE", "3600"))))
""",
    "test_2.py": """
import os

import pytest


@pytest.mark.promise("V3")
def test_it_answers_again():
    assert "BREAK" not in os.environ, "on purpose"


@pytest.mark.promise("V2")
def test_it_answers_too():
    pass
""",
}


@dataclass(frozen=True)
class SmallSuite:
    """A suite in a folder of its own, which pytest runs."""

    folder: Path

    def run(self, name: str, *arguments: str, environ: dict[str, str] | None = None) -> int:
        """Run it in Chromium, with the evidence in a folder of that name; gives back the exit code."""
        command = [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider", "--browser", "chromium"]
        command += ["--evidence", name, "--junit-xml", f"{name}.xml", *arguments]
        variables = {**os.environ, "PYTHONPATH": str(E2E), "PYTEST_ADDOPTS": "", **(environ or {})}
        done = subprocess.run(command, cwd=self.folder, env=variables, capture_output=True, text=True, check=False)
        print(done.stdout, done.stderr)  # shown if the test fails
        return done.returncode


def small_suite(folder: Path) -> SmallSuite:
    """Write the suite into a folder."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return SmallSuite(folder)
