"""From answers to a choice."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.answering import answers_from, new_choice
from consent.banner import Outcome, with_outcome
from consent.choice import Answer, Choice
from consent.declarations import OPTIONAL_PURPOSES, Purpose

NOW = datetime(2026, 11, 22, 12, 30, 15, 999, tzinfo=UTC)
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


def test_what_was_not_asked_keeps_its_earlier_answer_and_fingerprint() -> None:
    earlier = Choice(NOW, UUID(int=1), {Purpose.PREFERENCES: Answer(granted=True, fingerprint="a" * 12)})
    choice = new_choice({Purpose.STATISTICS: False}, earlier, fingerprints=FINGERPRINTS, now=NOW)
    assert choice.answers[Purpose.PREFERENCES] == Answer(granted=True, fingerprint="a" * 12)
    assert choice.answers[Purpose.STATISTICS] == Answer(granted=False, fingerprint="b" * 12)
    assert choice.receipt != earlier.receipt
    assert choice.made_at == NOW.replace(microsecond=0)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/books/", "/books/?cookie-choice=kept#cookie-outcome"),
        ("/books/?q=a%20b&page=2", "/books/?q=a%20b&page=2&cookie-choice=kept#cookie-outcome"),
        ("/books/?cookie-choice=lost&q=a", "/books/?q=a&cookie-choice=kept#cookie-outcome"),
    ],
)
def test_the_outcome_stands_in_the_address_once(address: str, expected: str) -> None:
    assert with_outcome(address, Outcome.KEPT) == expected
