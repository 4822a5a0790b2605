"""Names in the whole repository: a test reads as one line, and a class is called as no other."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.promise("H10")

ROOT = Path(__file__).parents[2]
FOLDERS = ("site", "dashboard", "e2e", "scripts")
LONGEST = 80
# Django finds these by their names.
DJANGOS_OWN = {"Command", "Media", "Meta", "Migration"}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Each module of the repository, by its path from there; one that is linked from elsewhere counts there."""
    for folder in FOLDERS:
        for file in sorted(each for each in (ROOT / folder).rglob("*.py") if not each.is_symlink()):
            yield file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8"))


def test_every_test_says_what_it_shows_in_one_line() -> None:
    too_long = [
        f"{file}: {node.name}"
        for file, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and len(node.name) > LONGEST
    ]
    assert too_long == []


def test_every_class_has_a_name_of_its_own() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for file, tree in sources():
        if "tests" not in file.parts:
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef) and node.name not in DJANGOS_OWN:
                    places[node.name].append(str(file))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}
