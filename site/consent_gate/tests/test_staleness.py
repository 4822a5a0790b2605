"""A change of the declarations says at the desk whom it asks again."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consent_gate.declarations.staleness import stale_answers

VISITS = {"kind": "cookie", "name": "visits", "purpose": "statistics", "reason": "Counts.", "lifetime": 60}
KEY = {**VISITS, "kind": "session key", "lifetime": None}
THEME = {**VISITS, "name": "theme", "purpose": "preferences"}


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ([{**VISITS, "reason": "Counts more.", "lifetime": 90}, KEY], "visits changed (reason, lifetime)"),
        ([VISITS, {**KEY, "reason": "Counts more."}], "visits (session) changed (reason)"),
        ([VISITS, KEY, {**VISITS, "name": "last"}], "last is new"),
        ([VISITS], "visits (session) is gone"),
    ],
)
def test_a_change_names_what_changed_and_who_is_asked_again(now: list[dict[str, Any]], why: str) -> None:
    assert stale_answers([VISITS, KEY], now, ["preferences", "statistics"]) == [
        f"This change makes earlier answers to statistics stale: {why}. Visitors who said yes are asked again."
    ]


@pytest.mark.parametrize("now", [[KEY, VISITS], [VISITS, KEY, THEME], []])
def test_another_order_a_first_declaration_and_an_end_make_nothing_stale(now: list[dict[str, Any]]) -> None:
    assert stale_answers([VISITS, KEY], now, ["preferences", "statistics"]) == []


def test_the_command_compares_with_what_it_printed_before(tmp_path: Path) -> None:
    printed, said = StringIO(), StringIO()
    call_command("declarations", stdout=printed)
    assert printed.getvalue().startswith('[\n  {\n    "'), "which a person reads, too"
    declared = json.loads(printed.getvalue())
    changed = next(each for each in declared if each["purpose"] != "necessary")
    file = tmp_path / "before.json"
    file.write_text(printed.getvalue(), encoding="utf-8")
    call_command("declarations", since=file, stdout=said)
    assert said.getvalue() == ""
    changed["reason"] = "Another one."
    file.write_text(json.dumps(declared), encoding="utf-8")
    call_command("declarations", since=file, stdout=said)
    assert f"earlier answers to {changed['purpose']} stale" in said.getvalue()


@pytest.mark.parametrize("text", ["", "{}x", "[1]", "[{}]"])
def test_the_command_refuses_a_file_that_it_did_not_print(tmp_path: Path, text: str) -> None:
    file = tmp_path / "before.json"
    with pytest.raises(CommandError, match=r"before.json is no file that this command printed .*No such file"):
        call_command("declarations", since=file)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=r"before.json is no file that this command printed .* Write one with"):
        call_command("declarations", since=file)
