"""Years and lives in words."""

import pytest

from catalog.years import life_text, year_text


@pytest.mark.parametrize(("year", "text"), [(1866, "1866"), (1000, "1000"), (116, "AD 116"), (-428, "428 BC")])
def test_a_year_reads_as_a_year(year: int, text: str) -> None:
    assert year_text(year) == text


@pytest.mark.parametrize(
    ("born", "died", "approximate", "text"),
    [
        (1775, 1817, False, "1775–1817"),
        (1939, None, False, "born 1939"),
        (-428, -348, True, "c. 428–348 BC"),
        (-43, 17, False, "43 BC–17"),
        (56, 120, True, "c. AD 56–120"),
        (-800, None, True, "c. 800 BC"),
        (None, 1400, False, "died 1400"),
        (None, None, False, ""),
    ],
)
def test_a_life_reads_as_historians_write_it(
    *, born: int | None, died: int | None, approximate: bool, text: str
) -> None:
    assert life_text(born, died, approximate=approximate) == text
