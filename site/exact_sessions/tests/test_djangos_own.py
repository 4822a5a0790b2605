"""Django's own tests of its sessions in a database pass here too, but for those that look into its table."""

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import django
import pytest

SITE = Path(__file__).resolve().parents[2]
SOURCES = SITE.parent / "build" / "django"
"""Where Django's source is kept once it was downloaded."""

LOOK_INTO_THE_TABLE = {"test_session_get_decoded", "test_session_str", "test_sessionmanager_save"}
"""They find a row by the session's key, which this table does not hold. docs/sessions.md says so of each."""


@pytest.fixture(scope="module")
def djangos_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of Django's tests, which are in its source alone."""
    archive = SOURCES / f"django-{django.get_version()}.tar.gz"
    if not archive.exists():
        download(archive.parent)
    folder = tmp_path_factory.mktemp("django")
    with tarfile.open(archive) as source:
        source.extractall(folder, filter="data")
    (tests,) = folder.glob("django-*/tests")
    return tests


def download(folder: Path) -> None:
    """Get the source of the Django that is installed, by pip."""
    what = ("--no-deps", "--no-binary", "django", f"django=={django.get_version()}")
    pip = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", *what, "--dest", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if pip.returncode:
        last = (pip.stderr.strip().splitlines() or ["nothing"])[-1]
        pytest.skip(f"Django's own tests are in its source, which could not be downloaded (pip said: {last})")


@pytest.mark.timeout(600)
def test_djangos_own_tests_pass_but_for_those_that_look_into_its_table(djangos_tests: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", "test", "exact_sessions.tests.djangos_own"],
        cwd=djangos_tests,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "exact_sessions.tests.djangos_settings",
            "PYTHONPATH": os.pathsep.join((str(djangos_tests), str(SITE))),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    ran = re.search(r"^Ran (\d+) tests", done.stdout, re.MULTILINE)
    assert ran, done.stdout
    assert int(ran[1]) > 200, done.stdout
    failed = re.findall(r"^(?:FAIL|ERROR): (\w+)", done.stdout, re.MULTILINE)
    assert set(failed) == LOOK_INTO_THE_TABLE, done.stdout


def test_the_docs_name_the_tests_that_do_not_pass() -> None:
    page = (SITE.parent / "docs" / "sessions.md").read_text(encoding="utf-8")
    _rest, _heading, table = page.partition("| Django's test, after `test_` |")
    assert {f"test_{name}" for name in re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)} == LOOK_INTO_THE_TABLE
