"""What Django's checks say of a deployment, asked as one would ask it there."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from locallibrary.environment import CHECKOUT

NO_HTTPS = {"security.W004", "security.W008"}


def manage(data: Path, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of `manage.py` in production settings with these variables."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=CHECKOUT / "site",
        env=environment | {"SECRET_KEY": secrets.token_urlsafe(50), "DATA_DIR": str(data)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def found(data: Path, **variables: str) -> set[str]:
    """The ids of the messages of `manage.py check --deploy`."""
    checked = manage(data, "check", "--deploy", "--fail-level", "WARNING", **variables)
    ids = set(re.findall(r"\((\w+\.[A-Z]\d+)\)", checked.stderr))
    assert bool(checked.returncode) is bool(ids), checked.stderr
    return ids


@pytest.mark.parametrize(
    ("variables", "ids"),
    [
        ({"HTTPS_REDIRECT": "true"}, set()),
        ({"HTTPS_REDIRECT": "true", "HSTS_INCLUDE_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}, set()),
        ({}, NO_HTTPS),
        ({"SECURE_COOKIES": "false"}, NO_HTTPS | {"security.W010", "consent_gate.W003"}),
    ],
)
def test_the_checks_have_nothing_to_say_but_that_https_is_off(
    tmp_path: Path, variables: dict[str, str], ids: set[str]
) -> None:
    assert found(tmp_path, **variables) == ids


@pytest.mark.parametrize(
    ("variables", "seconds", "subdomains", "preload"),
    [
        ({"HSTS_SECONDS": "60"}, 0, False, False),
        ({"HTTPS_REDIRECT": "true"}, 31_536_000, False, False),
        ({"HTTPS_REDIRECT": "true", "HSTS_SECONDS": "60"}, 60, False, False),
        (
            {"HTTPS_REDIRECT": "true", "HSTS_INCLUDE_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"},
            31_536_000,
            True,
            True,
        ),
    ],
)
def test_browsers_are_told_to_stay_with_https_as_the_environment_says(
    tmp_path: Path, variables: dict[str, str], seconds: int, *, subdomains: bool, preload: bool
) -> None:
    settings = manage(tmp_path, "diffsettings", "--all", **variables).stdout
    assert f"SECURE_HSTS_SECONDS = {seconds}\n" in settings
    assert f"SECURE_HSTS_INCLUDE_SUBDOMAINS = {subdomains}\n" in settings
    assert f"SECURE_HSTS_PRELOAD = {preload}\n" in settings
