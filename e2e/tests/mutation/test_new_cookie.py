"""A new cookie is two files: its declaration, and the code that sends it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from library_suite.mutation.__main__ import ROOT
from library_suite.mutation.trees import copy_tracked

pytestmark = [pytest.mark.promise("H11"), pytest.mark.timeout(300)]

REASON = "Which page you opened last."
DECLARATIONS = f"""
LAST_PAGE = declare(
    CookieDeclaration(
        name="last_page", purpose=Purpose.STATISTICS, reason=_("{REASON}"), lifetime=timedelta(days=30)
    )
)
PAGES_KEY = declare(SessionKeyDeclaration(name="pages", purpose=Purpose.STATISTICS, reason=_("{REASON}")))
"""
SENT = "    cookies.LAST_VISIT.send(response, record.last_visit_text)\n"
STORED = "    request.session[cookies.LAST_VISIT_KEY.name] = in_session.last_visit_text\n"
CHECKS = (
    "site/locallibrary/tests/test_consent.py",
    "site/visits/tests/test_counting.py",
    "site/locallibrary/tests/test_german.py",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """This project with one cookie and one session key more, in two files."""
    tree = tmp_path / "tree"
    copy_tracked(ROOT, tree)
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@localhost"]
    for arguments in (["init", "-q", "-b", "work"], ["add", "-A"], ["commit", "-q", "-m", "Before"]):
        subprocess.run([*git, *arguments], cwd=tree, check=True)
    declarations, counting = tree / "site" / "visits" / "cookies.py", tree / "site" / "visits" / "counting.py"
    declarations.write_text(declarations.read_text(encoding="utf-8") + DECLARATIONS, encoding="utf-8")
    code = counting.read_text(encoding="utf-8")
    assert SENT in code
    assert STORED in code
    code = code.replace(SENT, SENT + '    cookies.LAST_PAGE.send(response, "home")\n')
    code = code.replace(STORED, STORED + "    request.session[cookies.PAGES_KEY.name] = 1\n")
    counting.write_text(code, encoding="utf-8")
    return tree


def run(tree: Path, *arguments: str) -> str:
    """What a Python program prints in a tree, in whose own packages it runs."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(str(tree / part) for part in ("site", "dashboard"))}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def test_nothing_but_its_german_text_is_asked_for(tree: Path) -> None:
    said = run(tree, "-m", "pytest", "-q", "--tb=short", *CHECKS)
    failed = [line.partition(" - ")[0] for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
    test = "test_every_marked_text_of_the_sources_is_in_the_catalogue_and_no_other[site]"
    assert failed == [f"FAILED site/locallibrary/tests/test_german.py::{test}"], said
    assert "site/locale/de/LC_MESSAGES/django.po: add the lines" in said
    assert f'msgid "{REASON}"' in said
    assert "scripts/translate" in said


def test_before_it_is_merged_it_is_said_whose_answers_it_makes_stale(tree: Path) -> None:
    assert run(tree, "scripts/stale_answers.py") == (
        "This change makes earlier answers to statistics stale: last_page is new, pages (session) is new. "
        "Visitors who said yes are asked again.\n"
    )
    subprocess.run(["git", "checkout", "-q", "."], cwd=tree, check=True)
    assert run(tree, "scripts/stale_answers.py") == ""
