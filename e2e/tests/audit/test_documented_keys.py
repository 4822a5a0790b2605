"""docs/audit.md names each key of the document, and no other."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cookie_audit.document import document
from cookie_audit.judge import judge
from cookie_audit.observation import ConsentState, OpenedPage, OtherHost, StoredItem
from cookie_audit.report import EngineAudit, Report
from cookie_harness import Engine
from tests.audit.seen import DECLARED, HOME, HOST, NOW, kept, seen, set_cookie_line

pytestmark = pytest.mark.promise("U8")

PAGE = Path(__file__).parents[3] / "docs" / "audit.md"
ENGINE = Engine("chromium", Path("/usr/bin/chromium"), None, "156.0", "system")


@pytest.fixture
def made() -> dict[str, Any]:
    """The document of an audit that saw one of everything."""
    observation = replace(
        seen(ConsentState.UNDECIDED, kept("visits_1"), lines=(set_cookie_line("stranger=1"),)),
        pages=(OpenedPage(HOME, 200, ""),),
        stored=(StoredItem("localStorage", "theme", HOME),),
        other_hosts=(OtherHost("elsewhere.example", HOME),),
    )
    states = (judge(observation, DECLARED, HOST),)
    return document(Report(HOME, datetime.fromtimestamp(NOW, UTC), 30, None, (EngineAudit(ENGINE, states),)))


def test_the_page_names_each_key_of_the_document(made: dict[str, Any]) -> None:
    states = made["browsers"][0].pop("states")
    assert documented_below("key") == set(keys_in(made))
    assert documented_below("key of a state") == set(keys_in(states[0]))


def documented_below(head: str) -> set[str]:
    """The keys in the first cells of the table with this head."""
    table = PAGE.read_text(encoding="utf-8").split(f"\n| {head} | holds |\n", 1)[1].split("\n\n", 1)[0]
    return {key for row in table.splitlines()[1:] for key in re.findall(r"`([^`]+)`", row.split("|")[1])}


def keys_in(value: Any, path: str = "") -> Iterator[str]:
    """Where the plain values of a document lie: `cookies[].kept.bytes`. A list of sentences counts as one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from keys_in(inner, f"{path}.{key}".removeprefix("."))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for inner in value:
            yield from keys_in(inner, f"{path}[]")
    elif not path.endswith(".kept"):  # null for what was not kept
        yield path
