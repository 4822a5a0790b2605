"""From answers to a choice."""

import time
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from consent_gate.decision.answers import answers_from, asked_in, new_choice
from consent_gate.decision.choice import Answer, Choice
from consent_gate.declarations.purposes import OPTIONAL_PURPOSES, Purpose
from consent_gate.pages.banner import SHOWN_FOR, AnswerOutcome, outcome_in, with_outcome

NOW = datetime(2026, 11, 22, 12, 30, 15, 999, tzinfo=UTC)
EARLIER = datetime(2026, 6, 1, tzinfo=UTC)
FINGERPRINTS = {Purpose.PREFERENCES: "a" * 12, Purpose.STATISTICS: "b" * 12}


@given(st.dictionaries(st.text(), st.text()))
def test_no_form_without_a_clear_yes_grants_anything(form: dict[str, str]) -> None:
    answers = answers_from(form, OPTIONAL_PURPOSES)
    clear = form.get("answer") == "accept" or (form.get("answer") == "choose" and "yes" in form.values())
    assert any(answers.values()) <= clear


def test_one_button_answers_for_all_and_refusing_outranks_what_is_ticked() -> None:
    ticked = {"preferences": "yes", "statistics": "yes"}
    assert answers_from({"answer": "accept"}, FINGERPRINTS) == dict.fromkeys(FINGERPRINTS, True)
    assert answers_from({"answer": "refuse", **ticked}, FINGERPRINTS) == dict.fromkeys(FINGERPRINTS, False)


def test_of_a_list_only_what_is_ticked_is_a_yes() -> None:
    form = {"answer": "choose", "statistics": "yes", "preferences": "on"}
    assert answers_from(form, FINGERPRINTS) == {Purpose.STATISTICS: True, Purpose.PREFERENCES: False}


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        ("asked=statistics", ["statistics"]),
        ("asked=statistics&asked=preferences&asked=gone", ["preferences", "statistics"]),
        ("asked=gone", ["preferences", "statistics"]),
        ("answer=accept", ["preferences", "statistics"]),
    ],
)
def test_a_form_answers_what_its_page_asked_about(form: str, asked: list[str]) -> None:
    assert list(asked_in(QueryDict(form), list(FINGERPRINTS))) == asked


def test_a_choice_holds_answers_to_the_purposes_of_today_alone() -> None:
    answers = {Purpose.STATISTICS: True, Purpose.PERSONALISATION: True}
    first = new_choice(answers, None, fingerprints=FINGERPRINTS, now=NOW)
    assert set(first.answers) == {Purpose.STATISTICS}
    later = new_choice({}, first, fingerprints={Purpose.PREFERENCES: "a" * 12}, now=NOW)
    assert later.answers == {}


def test_what_was_not_asked_keeps_its_answer_its_fingerprint_and_its_date() -> None:
    earlier = Choice(EARLIER, UUID(int=1).hex, {Purpose.PREFERENCES: Answer(True, "a" * 12, EARLIER)})
    choice = new_choice({Purpose.STATISTICS: False}, earlier, fingerprints=FINGERPRINTS, now=NOW)
    assert choice.answers[Purpose.PREFERENCES] == Answer(True, "a" * 12, EARLIER)
    assert choice.answers[Purpose.STATISTICS] == Answer(False, "b" * 12, NOW.replace(microsecond=0))
    assert choice.receipt != earlier.receipt
    assert choice.made_at == NOW.replace(microsecond=0)


@pytest.mark.parametrize(
    ("address", "begins"),
    [
        ("/books/", "/books/?cookie-choice=kept"),
        ("/books/?q=a%20b&page=2", "/books/?q=a%20b&page=2&cookie-choice=kept"),
        ("/books/?cookie-choice=lost&q=a", "/books/?q=a&cookie-choice=kept"),
    ],
)
def test_the_outcome_stands_in_the_address_once(address: str, begins: str) -> None:
    made = with_outcome(address, AnswerOutcome.KEPT)
    assert made.startswith(begins)
    assert made.endswith("#cookie-outcome")
    assert outcome_in(made.partition("#")[0].partition("?")[2]) is AnswerOutcome.KEPT


@pytest.mark.parametrize("query", ["cookie-choice=kept", "cookie-choice=lost", "cookie-choice=lost:1vN1Zy:x", "q=a"])
def test_an_outcome_that_the_site_did_not_write_is_none(query: str) -> None:
    assert outcome_in(query) is None


def test_an_outcome_is_told_for_some_minutes_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    query = with_outcome("/", AnswerOutcome.LOST).partition("#")[0].partition("?")[2]
    assert outcome_in(query) is AnswerOutcome.LOST
    assert outcome_in(f"{query}&{query}") is None
    later = time.time() + SHOWN_FOR.total_seconds() + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert outcome_in(query) is None
