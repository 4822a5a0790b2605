"""The faults themselves: each can still be put into the site as it is, and is seen by tests that are there."""

import re

import pytest

from library_suite.mutation.__main__ import ROOT
from library_suite.mutation.faults import FOLDER, Fault, read_faults
from library_suite.mutation.report import PAGE, RENEW, page_of
from library_suite.mutation.trees import apply

pytestmark = pytest.mark.promise("H11")

MOST_LINES = 10


@pytest.fixture(scope="module")
def faults() -> list[Fault]:
    return read_faults(ROOT / FOLDER)


def test_each_fault_has_a_number_of_its_own(faults: list[Fault]) -> None:
    numbers = [fault.number for fault in faults]
    assert sorted(set(numbers)) == sorted(numbers)


def test_each_fault_can_be_put_into_the_site_as_it_is(faults: list[Fault]) -> None:
    complaints = {fault.name: apply(fault.patch, ROOT, check=True) for fault in faults}
    assert {name: complaint for name, complaint in complaints.items() if complaint} == {}


def test_each_fault_is_small_enough_to_be_read(faults: list[Fault]) -> None:
    assert [fault.name for fault in faults if not 1 <= fault.changed_lines <= MOST_LINES] == []


def test_each_fault_names_tests_that_are_there(faults: list[Fault]) -> None:
    missing = []
    for test in {test for fault in faults for test in fault.tests}:
        file, _colons, function = test.partition("::")
        definition = re.compile(rf"^(async )?def {function.partition('[')[0]}\(", re.MULTILINE)
        if not (ROOT / file).is_file() or not definition.search((ROOT / file).read_text(encoding="utf-8")):
            missing.append(test)
    assert missing == []


def test_the_page_lists_each_fault_and_who_sees_it(faults: list[Fault]) -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert page == page_of(page, faults), f"{PAGE} is older than the faults. Renew its table: {RENEW}"
