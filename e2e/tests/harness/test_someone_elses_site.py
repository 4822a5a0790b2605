"""The harness at a site that it does not know: its page's example, against a project fresh from `startproject`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cookie_harness import Engine

pytest_plugins = ["pytester"]

E2E = Path(__file__).parents[2]
ROOT = E2E.parent
PAGE = ROOT / "docs" / "install-the-harness.md"


def blocks() -> list[str]:
    """The page's Python, as a reader would copy it."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.promise("S6")
def test_the_example_on_the_page_passes_at_a_stock_project(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    subprocess.run([sys.executable, "-m", "django", "startproject", "mysite", "."], cwd=pytester.path, check=True)
    conftest, tests = blocks()
    pytester.makeconftest(conftest)
    pytester.makepyfile(test_cookies=tests)
    monkeypatch.setenv("PYTHONPATH", f"{E2E}:{pytester.path}")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:django -p no:xdist -p no:cacheprovider")
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    pytester.runpytest_subprocess("--browser", engine.name).assert_outcomes(passed=2)
    assert sum(len(block.strip().splitlines()) for block in (conftest, tests)) <= 25
