"""A mutant gets into functions that are loaded already."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from library_suite.mutants.mutants import mutants_of
from library_suite.mutants.swap import LoadedFunctions

pytestmark = pytest.mark.promise("H11")

TEXT = """
import functools


def doubling(function):
    def inner(number):
        return 2 * function(number)
    return inner


class Shelf:
    @property
    def books(self):
        return 7

    @books.setter
    def books(self, number):
        self.number = number


@doubling
def decorated(number):
    return number + 1


def around(number):
    return [each + number for each in (1, 2)]


@functools.cache
def remembered(number):
    return number + 2
"""


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "shelf_of_mutants.py").write_text(TEXT)
    monkeypatch.syspath_prepend(tmp_path)
    yield import_module("shelf_of_mutants")
    del sys.modules["shelf_of_mutants"]


def change(module: ModuleType, becomes: str) -> bool:
    mutant = next(each for each in mutants_of("shelf_of_mutants.py", TEXT) if each.becomes == becomes)
    filename = str(module.__file__)
    loaded = LoadedFunctions.below(Path(filename).parent)
    loaded.forget_results()
    return loaded.put_in(mutant, TEXT, filename)


def test_a_property_and_a_decorated_function_are_changed(shelf: ModuleType) -> None:
    assert change(shelf, "return 8")
    assert change(shelf, "return number - 1")
    assert shelf.Shelf().books == 8
    assert shelf.decorated(5) == 8


def test_a_function_that_a_decorator_has_put_around_another_is_changed(shelf: ModuleType) -> None:
    assert change(shelf, "return 3 * function(number)")
    assert shelf.decorated(5) == 18


def test_a_setter_of_the_same_name_stays_as_it_is(shelf: ModuleType) -> None:
    change(shelf, "return 8")
    book = shelf.Shelf()
    book.books = 5
    assert book.number == 5


def test_what_stands_inside_a_comprehension_is_changed(shelf: ModuleType) -> None:
    assert change(shelf, "return [each - number for each in (1, 2)]")
    assert shelf.around(1) == [0, 1]


def test_a_function_that_remembers_its_results_forgets_them(shelf: ModuleType) -> None:
    assert shelf.remembered(1) == 3
    assert change(shelf, "return number - 2")
    assert shelf.remembered(1) == -1


def test_a_function_that_is_not_loaded_can_not_be_changed() -> None:
    mutant = mutants_of("nowhere.py", TEXT)[-1]
    assert not LoadedFunctions.below(Path("/nowhere")).put_in(mutant, TEXT, "/nowhere/nowhere.py")
