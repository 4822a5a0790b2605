"""A choice survives its cookie, lapses to the second, and nothing that anybody puts into that cookie is an error."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consent.choice import CHOICE_LIFETIME, CLOCK_SKEW, Answer, Choice, encode, parse
from consent.declarations import OPTIONAL_PURPOSES, Purpose

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RECEIPT = UUID("0123456789abcdef0123456789abcdef")
HEAD = f"v1.20261122T110000Z.{RECEIPT.hex}"
PRINT = "0123456789ab"

fingerprints = st.text("0123456789abcdef", min_size=12, max_size=12)
choices = st.builds(
    Choice,
    made_at=st.datetimes(datetime(2026, 6, 1), datetime(2026, 11, 22), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda moment: moment.replace(microsecond=0)
    ),
    receipt=st.uuids(),
    answers=st.dictionaries(
        st.sampled_from(OPTIONAL_PURPOSES),
        st.builds(Answer, granted=st.booleans(), fingerprint=fingerprints),
        min_size=1,
    ),
)


def made(at: datetime) -> str:
    return encode(Choice(at, RECEIPT, {Purpose.STATISTICS: Answer(granted=True, fingerprint=PRINT)}))


@given(choices)
def test_a_choice_comes_back_as_it_was_made(choice: Choice) -> None:
    assert parse(encode(choice), NOW) == choice


@given(choices)
def test_the_cookie_needs_no_quotes_in_a_header(choice: Choice) -> None:
    text = encode(choice)
    assert text.isascii()
    assert not set(text) & set('",;\\ ')


def test_the_cookie_can_be_read_by_eye() -> None:
    assert made(NOW) == f"v1.20261122T120000Z.{RECEIPT.hex}.statistics-yes-{PRINT}"


def test_another_time_zone_is_the_same_moment() -> None:
    assert made(NOW.astimezone(timezone(timedelta(hours=5)))) == made(NOW)


@given(st.text() | st.none())
@example("")
@example("v1")
@example(f"{HEAD}.")
@example(f"v1.20261131T110000Z.{RECEIPT.hex}.statistics-yes-{PRINT}")
@example(f"v1.00000000T000000Z.{RECEIPT.hex}.statistics-yes-{PRINT}")
def test_any_text_at_all_is_no_choice_and_no_error(text: str | None) -> None:
    assert parse(text, NOW) is None


@given(choices, st.data())
def test_a_choice_with_any_character_replaced_is_no_error(choice: Choice, data: st.DataObject) -> None:
    text = encode(choice)
    position = data.draw(st.integers(0, len(text) - 1))
    parse(text[:position] + data.draw(st.characters()) + text[position + 1 :], NOW)


def test_a_choice_lapses_after_180_days_to_the_second() -> None:
    assert parse(made(NOW - CHOICE_LIFETIME + SECOND), NOW) is not None
    assert parse(made(NOW - CHOICE_LIFETIME), NOW) is None
    assert timedelta(days=180) == CHOICE_LIFETIME


def test_the_second_in_which_it_lapses_is_the_one_that_it_names() -> None:
    choice = parse(made(NOW), NOW)
    assert choice is not None
    assert parse(made(NOW), choice.lapses_at - SECOND) is not None
    assert parse(made(NOW), choice.lapses_at) is None


def test_a_choice_from_the_future_counts_only_within_the_clocks_skew() -> None:
    assert parse(made(NOW + CLOCK_SKEW), NOW) is not None
    assert parse(made(NOW + CLOCK_SKEW + SECOND), NOW) is None
    assert parse(made(NOW + timedelta(days=3_650)), NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}.statistics-yes-{PRINT}.statistics-no-{PRINT}",
        f"{HEAD}.statistics-yes-{PRINT}.statistics-yes-{PRINT}",
        f"{HEAD}.gone-yes-{PRINT}.gone-no-{PRINT}",
    ],
    ids=["contradicting", "repeating", "unknown"],
)
def test_two_answers_to_one_purpose_are_no_choice(text: str) -> None:
    assert parse(text, NOW) is None


def test_an_answer_to_a_purpose_that_is_gone_is_left_out() -> None:
    choice = parse(f"{HEAD}.gone-yes-{PRINT}.statistics-no-{PRINT}", NOW)
    assert choice is not None
    assert choice.answers == {Purpose.STATISTICS: Answer(granted=False, fingerprint=PRINT)}


def test_nobody_can_answer_for_what_is_necessary() -> None:
    choice = parse(f"{HEAD}.necessary-no-{PRINT}", NOW)
    assert choice is not None
    assert choice.answers == {}


@pytest.mark.parametrize("name", ["yes", "no-yes", "xstatistics", "statisticsx", "statistics-yes"])
def test_a_refusal_whose_name_holds_an_accepted_one_accepts_nothing(name: str) -> None:
    choice = parse(f"{HEAD}.{name}-no-{PRINT}", NOW)
    assert choice is None or choice.granted == frozenset()


@pytest.mark.parametrize(
    "answers",
    [
        f"statistics-YES-{PRINT}",
        f"statistics-1-{PRINT}",
        f"statistics-true-{PRINT}",
        f"Statistics-yes-{PRINT}",
        f"statistics-yes-{PRINT}0",
        f"statistics-yes-{PRINT[1:]}",
        f"statistics-yes-{PRINT.upper()}",
        "statistics-yes",
        f" statistics-yes-{PRINT}",
        f"statistics-yes-{PRINT}\n",
        ".".join(f"{letter}-yes-{PRINT}" for letter in "abcdefghi"),
    ],
)
def test_what_is_nearly_right_is_no_choice(answers: str) -> None:
    assert parse(f"{HEAD}.{answers}", NOW) is None


def test_digits_of_another_script_are_no_date() -> None:
    assert parse(made(NOW).replace("20261122", "٢٠٢٦١١٢٢"), NOW) is None


@pytest.mark.parametrize("version", ["v0", "v2", "v10", "V1", ""])
def test_another_version_is_no_choice(version: str) -> None:
    assert parse(made(NOW).replace("v1", version, 1), NOW) is None


def test_granted_are_the_purposes_answered_with_yes() -> None:
    choice = parse(f"{HEAD}.statistics-yes-{PRINT}.preferences-no-{PRINT}", NOW)
    assert choice is not None
    assert choice.granted == {Purpose.STATISTICS}
