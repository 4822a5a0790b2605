"""Holds this suite to its list of promises, `e2e/promises.toml`: a pytest plugin, and what tests the list itself."""

import ast
import functools
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path

import pytest

from cookie_evidence import Subject, read_promises

PROMISES_FILE = Path(__file__).resolve().parents[1] / "promises.toml"
FILE = f"e2e/{PROMISES_FILE.name}"
DURATIONS_FILE = PROMISES_FILE.with_name("durations.json")
TESTS = Path(__file__).resolve().parents[1] / "tests"


def pytest_evidence_subject() -> Subject:
    """What the evidence of this suite is about."""
    return Subject("Local Library", PROMISES_FILE, session_cookie=r"(__Host-)?sessionid\w*")


def pytest_evidence_facts() -> dict[str, str]:
    """What the site runs on."""
    return {name: version(name) for name in ("django", "gunicorn")}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test of this suite that names no promise, or one that is not on the list.

    One by one, and not by an error for the whole run: pytest-xdist loses the words of such an error.
    """
    if item.path.is_relative_to(TESTS):
        promises = [promise for mark in item.iter_markers("promise") for promise in mark.args]
        if found := complaint(promises, known_promises()):
            pytest.fail(found, pytrace=False)


@functools.cache
def known_promises() -> frozenset[str]:
    """The ids on the list."""
    return frozenset(promise.id for group in read_promises(PROMISES_FILE) for promise in group.promises)


def complaint(promises: Collection[str], known: frozenset[str]) -> str:
    """What is wrong with the promises that a test names; "" for nothing."""
    if not promises:
        return 'This test shows no promise: mark it with @pytest.mark.promise("…").'
    unknown = [promise for promise in promises if promise not in known]
    lines = " and ".join(f'id = "{promise}"' for promise in unknown)
    return f"This test shows what {FILE} does not promise: add a [[promise]] with {lines} there." if unknown else ""


def unshown(promise: str) -> str:
    """What is said of a promise that no test shows, with its line in the list."""
    lines = PROMISES_FILE.read_text(encoding="utf-8").splitlines()
    number = lines.index(f'id = "{promise}"') + 1
    return f'No test shows {FILE}:{number}: write @pytest.mark.promise("{promise}") on the one that does.'


def promises_named_in(source: str) -> set[str]:
    """The ids in the marks of one file of tests, read without running it."""
    marks = (
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "promise"
    )
    return {str(ast.literal_eval(argument)) for mark in marks for argument in mark.args}
