"""The pages on installing tell a stranger the very steps that are tried here in other people's projects."""

from pathlib import Path

import pytest

from tests.foreign.installation import THE_DASHBOARD, THE_GATE
from tests.foreign.project import Step

pytestmark = pytest.mark.promise("S8")

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(
    ("name", "steps"),
    [("install-the-gate.md", THE_GATE), ("install-the-dashboard.md", (*THE_GATE[:1], *THE_DASHBOARD))],
)
def test_every_line_of_a_step_stands_on_its_page(name: str, steps: tuple[Step, ...]) -> None:
    text = plain((DOCS / name).read_text(encoding="utf-8"))
    assert [line for step in steps for line in step.new.splitlines() if plain(line) not in text] == []


def test_the_page_shows_no_line_that_a_step_replaces() -> None:
    text = plain((DOCS / "install-the-gate.md").read_text(encoding="utf-8"))
    assert [step.old for step in THE_GATE if step.old.strip() not in step.new and plain(step.old) in text] == []


def plain(text: str) -> str:
    """Without what formatters change."""
    return text.replace("'", '"').strip()
