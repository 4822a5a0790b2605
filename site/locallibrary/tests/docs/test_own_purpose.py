"""The page's example of a purpose of one's own works as it stands there."""

import os
import subprocess
import sys
from pathlib import Path

from locallibrary.environment import CHECKOUT
from locallibrary.tests.docs.pages import DOCS, Page

WALK = """
import django
django.setup()
import declared
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
page = Client().get("/cookies/").content.decode()
assert 'name="marketing" value="yes"' in page, "the page about cookies asks"
assert "Which advertisement led you here." in page, "it says what for"
assert "Count how often you visit." in page, "the other purpose has its new words"
"""


def test_the_example_of_a_purpose_of_ones_own_works(tmp_path: Path) -> None:
    """In a process of its own: purposes are read once, when Django starts."""
    example = Page(DOCS / "install-the-gate.md").text.split("### A purpose of your own")[1].split("\n## ")[0]
    settings, declaration = (block.split("```")[0] for block in example.split("```python\n")[1:])
    (tmp_path / "own_purpose.py").write_text(
        "from locallibrary.settings_for_tests import *\n"
        'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}\n'
        f'ALLOWED_HOSTS = ["testserver"]\n{settings}'
    )
    (tmp_path / "declared.py").write_text(declaration)
    (tmp_path / "walk.py").write_text(WALK)
    done = subprocess.run(
        [sys.executable, "walk.py"],
        cwd=tmp_path,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "own_purpose",
            "PYTHONPATH": f"{tmp_path}:{CHECKOUT / 'site'}",
            "DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
