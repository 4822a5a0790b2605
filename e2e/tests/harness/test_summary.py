"""The first lines of the page: nothing looks better there than it is. Pure functions, without a browser."""

from dataclasses import replace

import pytest

from cookie_evidence import Promise, PromiseGroup, SessionLifetime
from cookie_evidence.evidence import About, Evidence, RunEnd
from cookie_evidence.matrix import CellState, SeenTest
from cookie_evidence.observer import SeenBrowser
from cookie_evidence.summary import summary_of
from cookie_harness import CookiePolicy
from cookie_harness.shards import Shard

pytestmark = pytest.mark.promise("U3")

V1 = Promise("V1", "It counts.", (CookiePolicy.ACCEPT,), (SessionLifetime.LASTING,))
V2 = Promise("V2", "It answers.", (), (SessionLifetime.LASTING,))
COUNTS = SeenTest("test_a.py::test_c", CellState.KEPT, ("V1",), "chromium", browsers=(SeenBrowser("accept", []),))
ANSWERS = SeenTest("test_a.py::test_w", CellState.KEPT, ("V2",))
WHOLE = Evidence(
    about=About("A site", "2026-11-25T15:31:29+00:00", "0" * 40, "", {}, {"chromium": "chromium 156.0, system"}, {}),
    groups=(PromiseGroup("V", "Visits", (V1, V2)),),
    engines=("chromium",),
    tests=(COUNTS, ANSWERS),
    ended=RunEnd.PASSED,
)


def tallies(evidence: Evidence) -> list[str]:
    return [tally.words for _, row in summary_of(evidence).tallies for tally in row if tally]


def test_a_run_in_which_all_was_kept_says_so_and_where_it_was_seen() -> None:
    summary = summary_of(WHOLE)
    assert summary.verdict == "2 promises were made. All of them were seen to be kept."
    assert (summary.state, summary.missing, summary.unseen) == (CellState.KEPT, (), ())
    assert summary.browsers == "Chromium 156.0, on 25 November 2026"
    assert (summary.engines, tallies(WHOLE)) == (("chromium", "no browser"), ["all 1", "all 1"])


def test_what_a_quirk_breaks_is_not_counted_as_kept() -> None:
    known = replace(WHOLE, tests=(replace(COUNTS, state=CellState.KNOWN, reason="it is slow"), ANSWERS))
    summary = summary_of(known)
    assert summary.verdict.endswith(
        "1 of them was seen to be kept. 1 does not hold everywhere, for a reason that is known."
    )
    assert [each.reasons for each in summary.exceptions] == [["it is slow"]]
    assert tallies(known) == ["0 of 1", "all 1"]


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (replace(WHOLE, not_run=("shard 2 of 4: none of the folders has it",)), "Not run: shard 2 of 4: none"),
        (replace(WHOLE, shard=Shard(1, 4)), "This is shard 1 of 4"),
        (replace(WHOLE, ended=RunEnd.CUT_SHORT), "The run was cut short"),
        (replace(WHOLE, ended=RunEnd.FAILED), "The run failed by something that is not on this page"),
    ],
)
def test_kept_promises_look_kept_only_if_everything_was_run(evidence: Evidence, said: str) -> None:
    summary = summary_of(evidence)
    assert summary.state is CellState.NOT_RUN
    assert [sentence for sentence in summary.missing if sentence.startswith(said)] == list(summary.missing)


def test_an_engine_that_was_not_run_is_told_once_and_not_by_each_promise() -> None:
    summary = summary_of(replace(WHOLE, engines=("chromium", "firefox")))
    assert summary.missing == ("Firefox was not run.",)
    assert summary.unseen == ()
    assert summary.verdict.endswith("1 of them was seen to be kept. 1 was not looked at, or not everywhere.")
