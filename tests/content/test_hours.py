"""Opening hours: blocks, holidays, the change of the clocks, and by when an answer may be expected."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.hours import read_hours

TABLE = {"timezone": "Europe/Belgrade", "monday": ["09:00-12:00", "13:00-16:00"], "tuesday": ["09:00-12:00"], "friday": ["09:00-15:00"]}
HOURS = read_hours(TABLE, [date(2026, 11, 27)])  # a Friday


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=HOURS.zone)


@pytest.mark.parametrize(
    "at, is_open, opening",
    [
        ("2026-11-23 09:00", True, "2026-11-23 09:00"),  # Monday
        ("2026-11-23 12:00", False, "2026-11-23 13:00"),
        ("2026-11-23 15:59", True, "2026-11-23 15:59"),
        ("2026-11-23 16:00", False, "2026-11-24 09:00"),
        ("2026-11-26 10:00", False, "2026-11-30 09:00"),  # Thursday before the holiday
        ("2026-11-27 10:00", False, "2026-11-30 09:00"),
    ],
)
def test_open_and_closed(at, is_open, opening):
    assert HOURS.is_open(local(at)) is is_open
    assert HOURS.next_opening(local(at)) == local(opening)


def test_times_of_other_zones_mean_the_same_moment():
    assert HOURS.is_open(datetime(2026, 11, 23, 8, 30, tzinfo=UTC)) and not HOURS.is_open(datetime(2026, 11, 23, 7, 30, tzinfo=UTC))
    assert HOURS.is_open(datetime(2026, 7, 6, 7, 30, tzinfo=UTC))  # summer time


@pytest.mark.parametrize(
    "at, hours, by",
    [
        ("2026-11-23 09:00", 2, "2026-11-23 11:00"),
        ("2026-11-23 11:00", 2, "2026-11-23 14:00"),
        ("2026-11-23 15:00", 3, "2026-11-24 11:00"),
        ("2026-11-24 11:00", 2, "2026-11-30 10:00"),  # the holiday is left out
        ("2026-11-21 20:00", 1, "2026-11-23 10:00"),
    ],
)
def test_work_is_counted_while_it_is_open(at, hours, by):
    assert HOURS.after(local(at), timedelta(hours=hours)) == local(by)


def test_who_never_opens_never_answers():
    never = read_hours({"timezone": "UTC"}, [])
    assert never.next_opening(datetime.now(UTC)) is None and never.after(datetime.now(UTC), timedelta(hours=1)) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.integers(1, 40))
def test_an_answer_is_due_in_opening_time_and_later_for_more_work(at, hours):
    at = at.replace(tzinfo=UTC)
    due = HOURS.after(at, timedelta(hours=hours))
    assert due >= at + timedelta(hours=hours) and due > HOURS.after(at, timedelta(hours=hours - 1))
    assert HOURS.is_open(due - timedelta(seconds=1))


@pytest.mark.parametrize(
    "table, told",
    [
        ({}, "timezone"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "UTC", "mondays": []}, "mondays is no weekday"),
        ({"timezone": "UTC", "monday": ["9-12"]}, "monday"),
        ({"timezone": "UTC", "monday": ["12:00-09:00"]}, "ends before it begins"),
        ({"timezone": "UTC", "monday": ["09:00-12:00", "11:00-13:00"]}, "not overlap"),
    ],
)
def test_a_wrong_table_names_its_mistake(table, told):
    with pytest.raises(ValueError, match=told):
        read_hours(table, [])


def test_a_wrong_holiday_is_named():
    with pytest.raises(ValueError, match="holidays: 'Christmas'"):
        read_hours(TABLE, ["Christmas"])
