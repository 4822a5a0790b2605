"""The explanations of survivors are those of the code as it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from library_suite.mutants.mutants import mutants_below, mutants_of
from library_suite.mutants.parts import PARTS
from library_suite.mutants.survivors import (
    FILE,
    Explanation,
    NotAnExplanation,
    explained,
    read_explanations,
    stale,
)

pytestmark = pytest.mark.promise("H11")

ROOT = Path(__file__).parents[3]
MUTANTS = mutants_of("shop.py", "def price(count):\n    return count + 4\n")
EVERY_CHANGE = Explanation("shop.py", "price", "return count + 4", "", "Prices are free.")


def test_every_explanation_is_of_a_line_that_is_there() -> None:
    explanations = read_explanations(ROOT / FILE)
    explained_files = {ROOT / each.path for each in explanations}
    files = [file for part in PARTS for file in part.files(ROOT) if file in explained_files]
    assert [f"{each.path}: {each.was}" for each in stale(explanations, mutants_below(ROOT, files).values())] == []


def test_every_part_has_code_and_tests() -> None:
    for part in PARTS:
        assert part.files(ROOT), part.name
        assert all((ROOT / path).exists() for path in part.tests if not path.startswith("--")), part.name


def test_an_explanation_is_of_one_change_or_of_a_line_or_of_a_function() -> None:
    one, function = replace(EVERY_CHANGE, becomes="return count - 4"), replace(EVERY_CHANGE, was="")
    assert all(explained(mutant, [EVERY_CHANGE]) for mutant in MUTANTS)
    assert all(explained(mutant, [function]) for mutant in MUTANTS)
    assert not any(explained(mutant, [replace(function, scope="boxes")]) for mutant in MUTANTS)
    assert [mutant.becomes for mutant in MUTANTS if explained(mutant, [one])] == ["return count - 4"]


def test_an_explanation_is_stale_once_its_line_has_changed() -> None:
    changed = mutants_of("shop.py", "def price(count):\n    return count + 5\n")
    assert stale([EVERY_CHANGE], MUTANTS) == []
    assert stale([EVERY_CHANGE], changed) == [EVERY_CHANGE]


@pytest.mark.parametrize(
    "entry", ['path = "shop.py"', 'path = "a"\nbecause = "One."', 'path = "a"\nwas = "b"\nbecause = "No sentence"']
)
def test_an_entry_that_explains_nothing_is_refused(tmp_path: Path, entry: str) -> None:
    (tmp_path / "survivors.toml").write_text(f"[[survivor]]\n{entry}\n")
    with pytest.raises(NotAnExplanation):
        read_explanations(tmp_path / "survivors.toml")
