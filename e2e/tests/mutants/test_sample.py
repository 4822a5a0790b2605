"""Which mutants are drawn where trying all takes too long."""

from collections import Counter
from pathlib import Path

import pytest

from library_suite.mutants.fates import Fate, MutantFate
from library_suite.mutants.mutants import Mutant
from library_suite.mutants.page import PartScore
from library_suite.mutants.records import MutantRecords
from library_suite.mutants.sample import drawn

pytestmark = pytest.mark.promise("H11")

SIZES = {"small.py": 10, "middle.py": 90, "large.py": 300}


def mutant(path: str, number: int) -> Mutant:
    return Mutant(path, "", f"{number}", f"{number + 1}", 1, number, "", 0, 0, "")


EVERY = {each.key: each for path, size in SIZES.items() for each in (mutant(path, n) for n in range(size))}


def test_a_sample_is_spread_over_all_files() -> None:
    shares = Counter(EVERY[key].path for key in drawn(EVERY, 200))
    assert all(abs(shares[path] - size / 2) <= 1 for path, size in SIZES.items())


def test_a_larger_sample_holds_the_smaller_one() -> None:
    assert drawn(EVERY, 40) == drawn(EVERY, 100)[:40]
    assert len(set(drawn(EVERY, 40))) == 40


def test_a_sample_is_not_drawn_from_the_beginning_of_a_file() -> None:
    lines = [EVERY[key].line for key in drawn(EVERY, 100) if EVERY[key].path == "large.py"]
    assert 100 < sum(lines) / len(lines) < 200


def test_a_mutant_stays_drawn_when_another_file_changes() -> None:
    others = {key: each for key, each in EVERY.items() if each.path != "small.py"}
    assert set(drawn(others, 150)) >= {key for key in drawn(EVERY, 150) if EVERY[key].path != "small.py"}


def test_the_page_says_how_many_of_the_drawn_were_killed_at_first(tmp_path: Path) -> None:
    keys = drawn(EVERY, 10)
    records = MutantRecords(file=tmp_path / "shop.jsonl")
    for number, key in enumerate(keys):
        records.add(MutantFate(key, Fate.SURVIVED if number < 3 else Fate.KILLED))
    records.note_run("today", 10)
    records.add(MutantFate(keys[0], Fate.KILLED))
    read = MutantRecords.read(records.file)
    assert PartScore("shop", read, EVERY, []).row == (
        "| shop | 400 | 10 | 8 | 0 | 0 | 2 | 80.0 % | 10 | 70.0 % | today |"
    )
