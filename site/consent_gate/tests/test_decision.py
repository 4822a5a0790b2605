"""The whole table of the decision."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent_gate.decision.choice import Answer, Choice
from consent_gate.decision.decision import Decision, State, decide
from consent_gate.declarations.purposes import OPTIONAL_PURPOSES, PURPOSES, Purpose

P, S, R = Purpose.PREFERENCES, Purpose.STATISTICS, Purpose.PERSONALISATION
NEW, OLD = "0" * 12, "1" * 12
NOW = datetime(2026, 11, 22, tzinfo=UTC)
YES, NO = Answer(True, NEW, NOW), Answer(False, NEW, NOW)
OLD_YES, OLD_NO = Answer(True, OLD, NOW), Answer(False, OLD, NOW)

DECLARED = {P: NEW, S: NEW}
"""Two purposes are in use today."""


class Row(NamedTuple):
    answers: dict[Purpose, Answer] | None
    gpc: bool
    state: State
    grants: set[Purpose]
    asks_about: tuple[Purpose, ...] = ()
    changed: tuple[Purpose, ...] = ()


TABLE = {
    # What was answered            answers                GPC    state            grants  asks about  changed
    "nobody answered": Row(None, False, State.UNDECIDED, set(), (P, S)),
    "everything refused": Row({P: NO, S: NO}, False, State.REFUSED, set()),
    "everything granted": Row({P: YES, S: YES}, False, State.GRANTED, {P, S}),
    "one of two granted": Row({P: NO, S: YES}, False, State.GRANTED, {S}),
    # Global Privacy Control: refuses without asking, and is outranked by an explicit choice.
    "GPC alone": Row(None, True, State.SIGNALLED, set()),
    "granted in spite of GPC": Row({P: YES, S: YES}, True, State.GRANTED, {P, S}),
    "refused, and GPC": Row({P: NO, S: NO}, True, State.REFUSED, set()),
    "granted, changed since, GPC": Row({P: YES, S: OLD_YES}, True, State.GRANTED, {P}),
    "granted, one new, GPC": Row({P: YES}, True, State.GRANTED, {P}),
    "refused, one new, GPC": Row({P: NO}, True, State.REFUSED, set()),
    "all that was granted changed, GPC": Row({P: OLD_YES, S: NO}, True, State.REFUSED, set()),
    # A purpose changed: whoever said yes is asked about it alone, whoever said no is not.
    "granted, one changed": Row({P: YES, S: OLD_YES}, False, State.STALE, {P}, (S,), (S,)),
    "granted, all changed": Row({P: OLD_YES, S: OLD_YES}, False, State.STALE, set(), (P, S), (P, S)),
    "refused, all changed": Row({P: OLD_NO, S: OLD_NO}, False, State.REFUSED, set()),
    "one granted, the refused one changed": Row({P: YES, S: OLD_NO}, False, State.GRANTED, {P}),
    # A purpose is new: everybody is asked about it alone.
    "granted, one new": Row({P: YES}, False, State.STALE, {P}, (S,)),
    "refused, one new": Row({P: NO}, False, State.STALE, set(), (S,)),
    "one new, one changed": Row({S: OLD_YES}, False, State.STALE, set(), (P, S), (S,)),
    "no answer to any purpose of today": Row({R: YES}, False, State.STALE, set(), (P, S)),
    # A purpose is gone: nothing follows from its answer.
    "granted, one gone": Row({P: YES, S: YES, R: YES}, False, State.GRANTED, {P, S}),
    "refused, and the one that was granted is gone": Row({P: NO, S: NO, R: YES}, False, State.REFUSED, set()),
}


def chosen(answers: dict[Purpose, Answer] | None) -> Choice | None:
    return None if answers is None else Choice(NOW, UUID(int=1).hex, answers)


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
def test_each_choice_and_signal_leads_to_its_state(row: Row) -> None:
    decision = decide(chosen(row.answers), gpc=row.gpc, fingerprints=DECLARED)
    granted = frozenset({Purpose.NECESSARY, *row.grants})
    assert decision == Decision(row.state, granted, row.asks_about, row.changed)
    assert decision.asks is bool(row.asks_about)


def test_a_state_is_called_as_in_the_files_that_visitors_took_home() -> None:
    assert [state.value for state in State] == ["undecided", "refused", "granted", "stale", "signalled"]


def test_a_site_without_optional_purposes_asks_nothing() -> None:
    assert not decide(None, gpc=False, fingerprints={}).asks


answers = st.builds(Answer, st.booleans(), st.sampled_from([OLD, NEW]), st.just(NOW))
some_answers = st.dictionaries(st.sampled_from(PURPOSES), answers)
some_declared = st.dictionaries(st.sampled_from(OPTIONAL_PURPOSES), st.sampled_from([OLD, NEW]))


@given(some_answers | st.none(), st.booleans(), some_declared)
def test_only_a_yes_to_what_is_declared_today_grants(
    given_answers: dict[Purpose, Answer] | None,
    gpc: bool,
    declared: dict[Purpose, str],
) -> None:
    decision = decide(chosen(given_answers), gpc=gpc, fingerprints=declared)
    for purpose in decision.granted - {Purpose.NECESSARY}:
        assert given_answers is not None
        assert given_answers[purpose] == Answer(True, declared[purpose], NOW)
    assert Purpose.NECESSARY in decision.granted
    assert Purpose.NECESSARY not in decision.asks_about
    assert not set(decision.asks_about) & decision.granted
    assert set(decision.changed) <= set(decision.asks_about)
    assert not (gpc and decision.asks)
