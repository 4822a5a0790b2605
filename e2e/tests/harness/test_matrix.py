"""From what tests did to a verdict in each cell: pure functions, without a browser."""

import pytest

from cookie_evidence.matrix import ON_THE_WIRE, CellState, Column, Matrix, SeenTest, judge, verdict
from cookie_evidence.observer import SeenBrowser, ends_in_words, shown_line, shown_value
from cookie_evidence.promises import Promise, PromiseGroup, SessionLifetime
from cookie_evidence.terminal import lines_of
from cookie_harness import CookiePolicy
from cookie_harness.set_cookie import parse_set_cookie

pytestmark = pytest.mark.promise("U3")

ACCEPT, BLOCK = CookiePolicy.ACCEPT, CookiePolicy.BLOCK
LASTING, UNTIL_CLOSE = SessionLifetime.LASTING, SessionLifetime.UNTIL_CLOSE
BOTH = Promise("V1", "It counts.", (ACCEPT, BLOCK), (LASTING, UNTIL_CLOSE))
ACCEPTING = Promise("V2", "It counts twice.", (ACCEPT,), (LASTING,))
WIRE = Promise("N1", "It answers.", (), (LASTING,))


def browser(policy: str = "accept", *lifetimes: str) -> SeenBrowser:
    return SeenBrowser(policy, [], lifetimes=list(lifetimes))


def seen_test(state: CellState, *browsers: SeenBrowser, promise: str = "V1", name: str = "test_a") -> SeenTest:
    return SeenTest(name, state, (promise,), "chromium", browsers=browsers)


def states_of(matrix: Matrix) -> dict[str, CellState]:
    return {cell.column.title: cell.state for row in matrix.rows for cell in row.cells}


def test_a_cell_is_filled_by_what_the_test_opened_and_not_by_what_it_says() -> None:
    seen = seen_test(CellState.KEPT, browser("accept", "lasting"), browser("block", "until close"))
    assert states_of(judge([BOTH], [seen], ["chromium"])) == {
        "chromium · accept · lasting": CellState.KEPT,
        "chromium · accept · until close": CellState.KEPT,
        "chromium · block · lasting": CellState.KEPT,
        "chromium · block · until close": CellState.KEPT,
    }
    accepting = seen_test(CellState.KEPT, browser("accept", "lasting"))
    assert states_of(judge([BOTH], [accepting], ["chromium"])) == {
        "chromium · accept · lasting": CellState.KEPT,
        "chromium · block · lasting": CellState.NOT_RUN,
        "chromium · accept · until close": CellState.NOT_RUN,
    }


def test_a_policy_that_was_seen_with_one_lifetime_is_not_claimed_for_another() -> None:
    seen = [
        seen_test(CellState.KEPT, browser("accept", "lasting")),
        seen_test(CellState.KEPT, browser("block", "until close"), name="test_b"),
    ]
    assert set(states_of(judge([BOTH], seen, ["chromium"]))) == {
        "chromium · accept · lasting",
        "chromium · block · until close",
    }


def test_columns_stand_by_engine_then_by_policy_and_the_lasting_session_first() -> None:
    seen = seen_test(CellState.KEPT, browser("accept", "lasting"), browser("accept", "until close"), browser("block"))
    titles = [column.title for column in judge([BOTH, WIRE], [seen], ["firefox", "chromium"]).columns]
    assert titles == [
        "chromium · accept · lasting",
        "chromium · accept · until close",
        "chromium · block · lasting",
        "chromium · block · until close",
        "firefox · accept · lasting",
        "firefox · accept · until close",
        "firefox · block · lasting",
        "no browser",
    ]


def test_what_was_not_run_is_a_state_of_its_own_in_every_engine() -> None:
    seen = seen_test(CellState.KEPT, browser("accept", "lasting"), promise="V2")
    assert states_of(judge([ACCEPTING], [seen], ["chromium", "firefox"])) == {
        "chromium · accept · lasting": CellState.KEPT,
        "firefox · accept · lasting": CellState.NOT_RUN,
    }


def test_a_pass_without_a_browser_shows_nothing_and_a_failure_without_one_breaks_all() -> None:
    passed = judge([ACCEPTING], [seen_test(CellState.KEPT, promise="V2")], ["chromium"])
    assert states_of(passed) == {"chromium · accept · lasting": CellState.NOT_RUN}
    failed = judge([ACCEPTING], [seen_test(CellState.BROKEN, promise="V2")], ["chromium"])
    assert states_of(failed) == {"chromium · accept · lasting": CellState.BROKEN}


def test_a_test_is_in_the_file_that_pytest_names_first() -> None:
    assert SeenTest("tests/test_1.py::TestClass::test_a", CellState.KEPT, ()).file == "tests/test_1.py"


def test_what_needs_no_browser_has_the_last_column_to_itself() -> None:
    wire = SeenTest("test_w", CellState.KEPT, ("N1",))
    matrix = judge([WIRE, ACCEPTING], [wire], ["chromium"])
    assert matrix.columns == (Column("chromium", "accept", "lasting"), ON_THE_WIRE)
    assert states_of(matrix)["no browser"] is CellState.KEPT


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], CellState.NOT_RUN),
        ([CellState.KEPT, CellState.KEPT], CellState.KEPT),
        ([CellState.KEPT, CellState.BROKEN], CellState.BROKEN),
        ([CellState.SKIPPED, CellState.BROKEN], CellState.BROKEN),
        ([CellState.KEPT, CellState.KNOWN], CellState.KNOWN),
        ([CellState.KEPT, CellState.SKIPPED], CellState.PARTLY),
        ([CellState.SKIPPED], CellState.SKIPPED),
    ],
)
def test_the_worst_of_several_tests_counts(states: list[CellState], expected: CellState) -> None:
    assert verdict(states) is expected


def test_a_complete_run_has_no_open_cell() -> None:
    complete = judge([ACCEPTING], [seen_test(CellState.KEPT, browser("accept"), promise="V2")], ["chromium"])
    assert complete.open_cells == []
    open_cells = judge([ACCEPTING, BOTH], [], ["chromium"]).open_cells
    assert [(promise.id, cell.state) for promise, cell in open_cells] == [
        ("V2", CellState.NOT_RUN),
        ("V1", CellState.NOT_RUN),
        ("V1", CellState.NOT_RUN),
        ("V1", CellState.NOT_RUN),
    ]


def test_the_terminal_says_how_many_claims_are_kept_and_names_each_broken_one() -> None:
    groups = [PromiseGroup("V", "Visits", (BOTH, ACCEPTING)), PromiseGroup("N", "Noise", (WIRE,))]
    tests = [
        seen_test(CellState.BROKEN, browser("accept", "lasting")),
        seen_test(CellState.KEPT, browser("accept", "lasting"), promise="V2", name="test_b"),
    ]
    lines = lines_of(groups, judge([BOTH, ACCEPTING, WIRE], tests, ["chromium"]))
    assert lines[1].split() == ["chromium", "·", "accept", "·", "lasting", "1/2"]
    assert "V visits · N noise" in lines
    assert "3 promises; claims: 1 kept, 3 not run, 1 broken" in lines
    assert lines[-1] == "broken: V1 in chromium · accept · lasting: It counts."


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (None, "when the browser closes"),
        (1_209_600 - 3, "in 14 days"),
        (180 * 86_400 + 40, "in 180 days"),
        (7200 - 2, "in 2 hours"),
        (300, "in 5 minutes"),
        (5, "within two minutes"),
    ],
)
def test_two_runs_say_the_same_of_a_cookies_end(left: float | None, words: str) -> None:
    now = 1_800_000_000.0
    assert ends_in_words(None if left is None else now + left, now) == words


def test_no_token_is_written_down() -> None:
    token = "k3s8" * 8
    assert shown_value(token) == "‹32 characters›"
    assert shown_value("12") == "12"
    line = f"sessionid={token}; expires=Tue, 08 Dec 2026 08:00:00 GMT; HttpOnly; Max-Age=1209600; Path=/"
    assert shown_line(parse_set_cookie(line)) == "sessionid=‹32 characters›; HttpOnly; Max-Age=1209600; Path=/"


@pytest.mark.parametrize("length", [263, 266, 511])
def test_two_runs_say_the_same_of_a_signed_sessions_length(length: int) -> None:
    assert shown_value("s" * length) == "‹256 to 511 characters›"
