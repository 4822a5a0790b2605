"""The rules of the three counters, without a browser or a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.counters import CLOCK_SKEW, MOST_VISITS, VisitRecord, next_number, next_record, parse_record

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_the_first_visit_counts_as_one() -> None:
    assert next_record(None, NOW, DAY) == VisitRecord(1, NOW)


def test_a_visit_is_noted_to_the_second() -> None:
    later = NOW + timedelta(microseconds=999)
    assert next_record(None, later, DAY) == VisitRecord(1, NOW)
    assert next_record(VisitRecord(6, NOW - DAY), later, DAY) == VisitRecord(7, NOW)


def test_counting_ends_at_the_highest_number_that_is_believed() -> None:
    assert next_record(VisitRecord(MOST_VISITS, NOW - DAY), NOW, DAY) == VisitRecord(MOST_VISITS, NOW)


def test_a_visit_within_the_interval_changes_nothing() -> None:
    record = VisitRecord(6, NOW - DAY + timedelta(seconds=1))
    assert next_record(record, NOW, DAY) is record


def test_a_visit_when_the_interval_has_just_gone_by_counts() -> None:
    assert next_record(VisitRecord(6, NOW - DAY), NOW, DAY) == VisitRecord(7, NOW)


def test_a_record_survives_being_written_and_read() -> None:
    record = VisitRecord(41, NOW)
    assert parse_record(record.visits_text, record.last_visit_text, NOW) == record


@given(st.integers(1, MOST_VISITS), st.datetimes(datetime(2020, 1, 1), datetime(2026, 11, 21)))  # noqa: DTZ001
def test_any_record_of_ours_survives_being_written_and_read(visits: int, time: datetime) -> None:
    record = VisitRecord(visits, time.replace(microsecond=0, tzinfo=UTC))
    assert parse_record(record.visits_text, record.last_visit_text, NOW) == record


GOOD_TIME = "2026-11-20T12:00:00Z"


@pytest.mark.parametrize(
    "visits",
    [
        "",
        "0",
        "-1",
        "+1",
        "1.0",
        " 1",
        "1 ",
        "1\n",
        "01",
        "0x10",
        "1e3",
        "１",
        "٣",
        "nan",
        "9" * 5000,
        "2000000000",
        "\x00",
        "é",
    ],
)
def test_a_count_that_is_not_ours_is_no_count(visits: str) -> None:
    assert parse_record(visits, GOOD_TIME, NOW) is None


@pytest.mark.parametrize(
    "last_visit",
    [
        "",
        "yesterday",
        "1600-01-01T00:00:00Z",
        "2600-01-01T00:00:00Z",
        "2026-11-21T12:06:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-11-20 12:00:00",
        "2026-11-20T12:00:00+00:00",
        "2026-11-20T12:00:60Z",
        "２０２６-11-20T12:00:00Z",
        GOOD_TIME + "\n",
        "\x00",
    ],
)
def test_a_time_that_is_not_ours_is_no_time(last_visit: str) -> None:
    assert parse_record("3", last_visit, NOW) is None


def test_a_time_a_little_ahead_is_believed_because_servers_clocks_differ() -> None:
    assert timedelta(minutes=1) < CLOCK_SKEW < timedelta(minutes=10)
    ahead = VisitRecord(3, NOW + CLOCK_SKEW)
    assert parse_record("3", ahead.last_visit_text, NOW) == ahead


def test_half_a_record_is_no_record() -> None:
    assert parse_record("3", None, NOW) is None
    assert parse_record(None, GOOD_TIME, NOW) is None


@given(st.one_of(st.text(), st.none(), st.integers(), st.binary()), st.one_of(st.text(), st.none(), st.floats()))
def test_reading_never_fails_whatever_it_is_given(visits: object, last_visit: object) -> None:
    record = parse_record(visits, last_visit, NOW)
    assert record is None or 1 <= record.visits <= MOST_VISITS


@pytest.mark.parametrize(("before", "after"), [(None, 1), (0, 1), (1, 2), (41, 42)])
def test_each_opening_of_the_home_page_counts(before: object, after: int) -> None:
    assert next_number(before) == after


@pytest.mark.parametrize("before", ["7", -1, 1.5, True, MOST_VISITS, [], {}])
def test_a_number_that_is_not_ours_begins_anew(before: object) -> None:
    assert next_number(before) == 1
