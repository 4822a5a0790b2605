"""A choice survives its cookie, each answer lapses to the second, and nothing in that cookie is an error."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from consent_gate.decision.choice import CHOICE_LIFETIME, CLOCK_SKEW, Answer, Choice
from consent_gate.decision.choice_cookie import choice_among, choice_in, cookie_value, sign
from consent_gate.declarations.purposes import OPTIONAL_PURPOSES, Purpose

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RECEIPT = "0123456789abcdef0123456789abcdef"
HEAD = f"v2.{RECEIPT}"
PRINT = "0123456789ab"
TIME = "20261122T110000Z"
AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
NO_SIGNATURE = "0" * 32

fingerprints = st.text("0123456789abcdef", min_size=12, max_size=12)
moments = st.datetimes(datetime(2026, 6, 1), datetime(2026, 11, 22), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
answers = st.dictionaries(
    st.sampled_from(OPTIONAL_PURPOSES), st.builds(Answer, st.booleans(), fingerprints, moments), min_size=1
)
choices = st.builds(
    lambda receipt, given: Choice(max(each.given_at for each in given.values()), receipt.hex, given),
    st.uuids(),
    answers,
)


def signed(text: str) -> str:
    return f"{text}.{sign(text)}"


def made(at: datetime) -> str:
    return cookie_value(Choice(at, RECEIPT, {Purpose.STATISTICS: Answer(True, PRINT, at)}))


def two(statistics: datetime, preferences: datetime, *, granted: bool = True) -> Choice:
    """One answer to each of two purposes, given at two times."""
    return Choice(
        max(statistics, preferences),
        RECEIPT,
        {
            Purpose.STATISTICS: Answer(granted, PRINT, statistics),
            Purpose.PREFERENCES: Answer(granted, PRINT, preferences),
        },
    )


@given(choices)
def test_a_choice_comes_back_as_it_was_made(choice: Choice) -> None:
    assert choice_in(cookie_value(choice), NOW) == choice


@given(choices)
def test_the_cookie_needs_no_quotes_in_a_header(choice: Choice) -> None:
    text = cookie_value(choice)
    assert text.isascii()
    assert not set(text) & set('",;\\ ')


def test_the_cookie_can_be_read_by_eye() -> None:
    text = f"v2.{RECEIPT}.statistics-yes-{PRINT}-20261122T120000Z"
    assert made(NOW) == signed(text)


def test_another_time_zone_is_the_same_moment() -> None:
    assert made(NOW.astimezone(timezone(timedelta(hours=5)))) == made(NOW)


@given(st.text() | st.none())
@example("")
@example("v2")
@example(signed(f"{HEAD}."))
@example(signed(f"{HEAD}.statistics-yes-{PRINT}-20261131T110000Z"))
@example(signed(f"{HEAD}.statistics-yes-{PRINT}-00000000T000000Z"))
def test_any_text_at_all_is_no_choice_and_no_error(text: str | None) -> None:
    assert choice_in(text, NOW) is None


@given(choices, st.data())
def test_a_choice_with_any_character_replaced_grants_nothing(choice: Choice, data: st.DataObject) -> None:
    text = cookie_value(choice)
    position = data.draw(st.integers(0, len(text) - 1))
    altered = text[:position] + data.draw(st.characters()) + text[position + 1 :]
    found = choice_in(altered, NOW)
    assert altered == text or found is None or not found.granted


@given(choices)
def test_without_its_signature_a_yes_counts_nowhere_and_a_no_counts_on(choice: Choice) -> None:
    unsigned = f"{cookie_value(choice).rpartition('.')[0]}.{NO_SIGNATURE}"
    found = choice_in(unsigned, NOW)
    refused = {purpose: answer for purpose, answer in choice.answers.items() if not answer.granted}
    assert (found.answers if found else {}) == refused
    assert found is None or found.void == choice.granted


def test_an_earlier_key_still_signs_for_a_yes_and_a_lost_one_does_not(settings: Settings) -> None:
    value = made(NOW)
    old_key, settings.SECRET_KEY = settings.SECRET_KEY, "another key, as after a rotation"
    assert choice_in(value, NOW) is None
    settings.SECRET_KEY_FALLBACKS = [old_key]
    assert choice_in(value, NOW) is not None


def test_a_signature_of_today_verifies_for_good_and_by_the_key_that_made_it(settings: Settings) -> None:
    """It stands in visitors' cookies; the key is one that this process has never signed with."""
    settings.SECRET_KEY_FALLBACKS = ["a key of earlier days"]
    text = f"v2.{RECEIPT}.statistics-yes-{PRINT}-{TIME}"
    found = choice_in(f"{text}.f9cf09cb5a654f01fe5311385ae1aaad", NOW)
    assert found is not None
    assert found.granted == {Purpose.STATISTICS}


def test_an_answer_lapses_after_180_days_to_the_second() -> None:
    assert choice_in(made(NOW - CHOICE_LIFETIME + SECOND), NOW) is not None
    assert choice_in(made(NOW - CHOICE_LIFETIME), NOW) is None
    assert timedelta(days=180) == CHOICE_LIFETIME


def test_each_answer_lapses_by_its_own_date() -> None:
    choice = two(NOW, NOW - CHOICE_LIFETIME + SECOND)
    assert choice.lapses_at == NOW + SECOND
    later = choice_in(cookie_value(choice), NOW + SECOND)
    assert later is not None
    assert later.granted == {Purpose.STATISTICS}
    assert later.void == {Purpose.PREFERENCES}


def test_what_is_left_of_a_choice_without_all_its_answers_is_none() -> None:
    choice = two(NOW, NOW)
    assert choice.without(choice.answers) is None
    left = choice.without([Purpose.STATISTICS])
    assert left is not None
    assert set(left.answers) == set(choice.answers) - {Purpose.STATISTICS}


def test_a_choice_without_answers_lapses_with_its_cookie() -> None:
    choice = Choice(NOW, RECEIPT, {})
    assert choice.lapses_at == choice.forgotten_at == NOW + CHOICE_LIFETIME


def test_a_no_lapses_like_a_yes() -> None:
    later = choice_in(cookie_value(two(NOW, NOW - CHOICE_LIFETIME, granted=False)), NOW)
    assert later is not None
    assert set(later.answers) == {Purpose.STATISTICS}


def test_the_second_in_which_it_lapses_is_the_one_that_it_names() -> None:
    choice = choice_in(made(NOW), NOW)
    assert choice is not None
    assert choice_in(made(NOW), choice.lapses_at - SECOND) is not None
    assert choice_in(made(NOW), choice.lapses_at) is None


def test_an_answer_from_the_future_counts_only_within_the_clocks_skew() -> None:
    assert choice_in(made(NOW + timedelta(minutes=4)), NOW) is not None, "another server's clock is a little fast"
    assert choice_in(made(NOW + CLOCK_SKEW), NOW) is not None
    assert choice_in(made(NOW + CLOCK_SKEW + SECOND), NOW) is None
    assert choice_in(made(NOW + timedelta(days=3_650)), NOW) is None


@pytest.mark.parametrize(
    "answers",
    [
        f"statistics-yes-{PRINT}-{TIME}.statistics-no-{PRINT}-{TIME}",
        f"statistics-yes-{PRINT}-{TIME}.statistics-yes-{PRINT}-{TIME}",
        f"gone-yes-{PRINT}-{TIME}.gone-no-{PRINT}-{TIME}",
    ],
    ids=["contradicting", "repeating", "unknown"],
)
def test_two_answers_to_one_purpose_are_no_choice(answers: str) -> None:
    assert choice_in(signed(f"{HEAD}.{answers}"), NOW) is None


def test_an_answer_to_a_purpose_that_is_gone_is_left_out() -> None:
    choice = choice_in(signed(f"{HEAD}.gone-yes-{PRINT}-{TIME}.statistics-no-{PRINT}-{TIME}"), NOW)
    assert choice is not None
    assert choice.answers == {Purpose.STATISTICS: Answer(False, PRINT, AT)}


def test_nobody_can_answer_for_what_is_necessary() -> None:
    assert choice_in(signed(f"{HEAD}.necessary-no-{PRINT}-{TIME}"), NOW) is None


@pytest.mark.parametrize("name", ["yes", "no-yes", "xstatistics", "statisticsx", "statistics-yes"])
def test_a_refusal_whose_name_holds_an_accepted_one_accepts_nothing(name: str) -> None:
    choice = choice_in(signed(f"{HEAD}.{name}-no-{PRINT}-{TIME}"), NOW)
    assert choice is None or choice.granted == frozenset()


@pytest.mark.parametrize(
    "answers",
    [
        f"statistics-YES-{PRINT}-{TIME}",
        f"statistics-1-{PRINT}-{TIME}",
        f"statistics-true-{PRINT}-{TIME}",
        f"Statistics-yes-{PRINT}-{TIME}",
        f"statistics-yes-{PRINT}0-{TIME}",
        f"statistics-yes-{PRINT[1:]}-{TIME}",
        f"statistics-yes-{PRINT.upper()}-{TIME}",
        f"statistics-yes-{PRINT}",
        "statistics-yes",
        f" statistics-yes-{PRINT}-{TIME}",
        f"statistics-yes-{PRINT}-{TIME}\n",
        ".".join(f"{letter}-yes-{PRINT}-{TIME}" for letter in "abcdefghi"),
    ],
)
def test_what_is_nearly_right_is_no_choice(answers: str) -> None:
    assert choice_in(signed(f"{HEAD}.{answers}"), NOW) is None


def test_digits_of_another_script_are_no_date() -> None:
    assert choice_in(made(NOW).replace("20261122", "٢٠٢٦١١٢٢"), NOW) is None


@pytest.mark.parametrize("version", ["v1", "v3", "v10", "V2", ""])
def test_another_version_is_no_choice(version: str) -> None:
    text = made(NOW).rpartition(".")[0].replace("v2", version, 1)
    assert choice_in(signed(text), NOW) is None


def test_granted_are_the_purposes_answered_with_yes() -> None:
    choice = choice_in(signed(f"{HEAD}.statistics-yes-{PRINT}-{TIME}.preferences-no-{PRINT}-{TIME}"), NOW)
    assert choice is not None
    assert choice.granted == {Purpose.STATISTICS}


@pytest.mark.parametrize("yes_first", [True, False])
def test_of_two_choices_in_one_request_the_one_counts_that_allows_less(yes_first: bool) -> None:
    yes, no = (cookie_value(two(NOW, NOW, granted=granted)) for granted in (True, False))
    values = (yes, no) if yes_first else (no, yes)
    header = "; ".join(f"choice={value}" for value in values)
    assert choice_among(header, "choice", values[1], NOW) == choice_in(no, NOW)


def test_the_one_choice_of_a_request_is_read_as_the_site_reads_it() -> None:
    value = made(NOW)
    assert choice_among(f"other=1; choice={value}", "choice", value, NOW) == choice_in(value, NOW)
    assert choice_among("other=1", "choice", None, NOW) is None


def test_a_choice_in_a_cookie_of_another_name_counts_for_nothing() -> None:
    yes, no = (cookie_value(two(NOW, NOW, granted=granted)) for granted in (True, False))
    header = f"choice={yes}; other={no}; choice={yes}"
    assert choice_among(header, "choice", yes, NOW) == choice_in(yes, NOW)


def test_a_second_choice_that_nobody_can_read_takes_nothing_away() -> None:
    value = made(NOW)
    assert choice_among(f"choice=x; choice={value}", "choice", value, NOW) == choice_in(value, NOW)
    assert choice_among("choice=x; choice=y", "choice", "y", NOW) is None
