"""Two documents compared: each thing that differs is named with what it was and what it is."""

from copy import deepcopy
from typing import Any

import pytest

from cookie_evidence.comparison import Difference, circumstances, comparison, differences, lines_of_comparison

pytestmark = pytest.mark.promise("U13")

TEST = "test_1.py::test_a"
COOKIE = {
    "name": "a",
    "value": "1",
    "domain": "a.test",
    "path": "/",
    "ends": "when the browser closes",
    "http_only": True,
    "secure": False,
    "same_site": "",
}
BROWSER = {
    "policy": "accept",
    "settings": ["dark"],
    "lifetimes": ["lasting"],
    "jar_before": [],
    "jar_after": [COOKIE],
    "set_cookies": ["a=1; Path=/"],
}
BEFORE: dict[str, Any] = {
    "about": {
        "made_at": "2026-11-30 12:00",
        "commit": "abc1234",
        "engines": {"chromium": "chromium 156"},
        "versions": {"django": "5.2"},
        "facts": {"session engine": "db"},
    },
    "promises": [
        {
            "id": "V1",
            "sentence": "It counts.",
            "cells": [{"engine": "chromium", "policy": "accept", "lifetime": "lasting", "state": "kept"}],
        }
    ],
    "tests": [{"id": TEST, "state": "kept", "reason": "", "promises": ["V1"], "browsers": [BROWSER]}],
}


@pytest.fixture
def after() -> dict[str, Any]:
    """The same document, to be changed."""
    return deepcopy(BEFORE)


def browser_of(document: dict[str, Any]) -> dict[str, Any]:
    browser: dict[str, Any] = document["tests"][0]["browsers"][0]
    return browser


def test_a_document_does_not_differ_from_itself(after: dict[str, Any]) -> None:
    assert differences(BEFORE, after) == circumstances(BEFORE, after) == []


def test_a_part_that_was_not_run_is_named_with_its_reason(after: dict[str, Any]) -> None:
    after["not_run"] = ["shard 2 of 4: its folder is not there"]
    assert differences(BEFORE, after) == [
        Difference("not run", "shard 2 of 4", None, "its folder is not there"),
    ]


@pytest.mark.parametrize(
    ("part", "name", "was", "becomes"),
    [
        ("engines", "chromium", "chromium 156", "chromium 157"),
        ("versions", "django", "5.2", "6.0"),
        ("facts", "session engine", "db", "cache"),
    ],
)
def test_what_a_run_was_made_with_is_a_circumstance(
    after: dict[str, Any], part: str, name: str, was: str, becomes: str
) -> None:
    after["about"][part][name] = becomes
    after["about"]["commit"] = "def5678"
    assert circumstances(BEFORE, after) == [
        Difference("circumstance", "commit", "abc1234", "def5678"),
        Difference("circumstance", name, was, becomes),
    ]


def test_a_comparison_holds_both_runs_and_what_lies_between(after: dict[str, Any]) -> None:
    after["promises"][0]["sentence"] = "It counts soon."
    assert comparison(BEFORE, after) == {
        "format": "browser-evidence-diff/1",
        "before": BEFORE["about"],
        "after": after["about"],
        "circumstances": [],
        "changes": [
            {
                "kind": "promise",
                "what": "V1",
                "before": "It counts.",
                "after": "It counts soon.",
                "test": None,
                "browser": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("name", "value", "what", "words"),
    [
        ("policy", "block", "its settings", ("cookies: accept, dark", "cookies: block, dark")),
        ("settings", ["dark", "gpc"], "its settings", ("cookies: accept, dark", "cookies: accept, dark, gpc")),
        ("lifetimes", [], "its session cookie's life", ("lasting", "none seen")),
        ("lifetimes", ["lasting", "until close"], "its session cookie's life", ("lasting", "lasting and until close")),
    ],
)
def test_a_browser_that_was_set_otherwise_is_told(
    after: dict[str, Any], name: str, value: object, what: str, words: tuple[str, str]
) -> None:
    browser_of(after)[name] = value
    assert differences(BEFORE, after) == [Difference("browser", what, *words, TEST, 1)]


def test_browsers_that_were_not_opened_are_gone(after: dict[str, Any]) -> None:
    before = deepcopy(BEFORE)
    before["tests"][0]["browsers"] = [BROWSER, BROWSER]
    after["tests"][0]["browsers"] = []
    assert differences(before, after) == [
        Difference("browser", what, was, None, TEST, number)
        for number in (1, 2)
        for what, was in (("its settings", "cookies: accept, dark"), ("its session cookie's life", "lasting"))
    ]


def test_what_lay_in_the_jar_before_is_compared_too(after: dict[str, Any]) -> None:
    browser_of(after)["jar_before"] = [COOKIE]
    [found] = differences(BEFORE, after)
    assert (found.kind, found.what, found.before) == ("cookie", "a of a.test/ in the jar before", None)


def test_a_cookie_is_compared_where_it_lies_in_all_that_is_known_of_it(after: dict[str, Any]) -> None:
    browser_of(after)["jar_after"] = [COOKIE | {"value": ""}, COOKIE | {"name": "b"}]
    words = "ends when the browser closes; HttpOnly"
    assert differences(BEFORE, after) == [
        Difference("cookie", "a of a.test/ in the jar after", f"1; {words}", f"(empty); {words}", TEST, 1),
        Difference("cookie", "b of a.test/ in the jar after", None, f"1; {words}", TEST, 1),
    ]


def test_of_one_cookie_in_two_partitions_both_are_compared(after: dict[str, Any]) -> None:
    browser_of(after)["jar_after"] = [COOKIE, COOKIE | {"value": "2"}]
    words = "ends when the browser closes; HttpOnly"
    [found] = differences(BEFORE, after)
    assert found.after == f"1; {words} and 2; {words}"


def test_several_lines_of_one_cookie_are_told_apart_by_their_number(after: dict[str, Any]) -> None:
    browser_of(after)["set_cookies"] = ["a=1; Path=/", "a=2", "b=1", "a=3", "a=4"]
    assert [(each.what, each.before, each.after) for each in differences(BEFORE, after)] == [
        ("Set-Cookie of a", None, "a=2"),
        ("Set-Cookie of b", None, "b=1"),
        ("Set-Cookie of a (2)", None, "a=3"),
        ("Set-Cookie of a (3)", None, "a=4"),
    ]


@pytest.mark.parametrize(("number", "more"), [(5, []), (7, ["  and 2 more, which --json names"])])
def test_a_change_is_told_once_with_the_first_tests_that_saw_it(
    after: dict[str, Any], number: int, more: list[str]
) -> None:
    before = deepcopy(BEFORE)
    before["tests"] = [BEFORE["tests"][0] | {"id": f"test_1.py::test_{each}"} for each in range(number)]
    after["tests"] = deepcopy(before["tests"])
    for each in after["tests"]:
        each["browsers"][0]["set_cookies"] = ["a=2; Path=/"]
    assert lines_of_comparison(before, after) == [
        "2026-11-30 12:00  abc1234",
        "2026-11-30 12:00  abc1234",
        "",
        "line: Set-Cookie of a: a=1; Path=/ → a=2; Path=/",
        *(f"  test_1.py::test_{each}, browser 1" for each in range(5)),
        *more,
        "",
        f"Changed: line {number}",
    ]
