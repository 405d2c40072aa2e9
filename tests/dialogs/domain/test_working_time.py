"""Working time: weekends, holidays and changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.working_time import WORKDAY, after, is_workday, is_working_time, next_working_moment

HOUR = timedelta(hours=1)


def at(local: str) -> datetime:
    """A moment on the clock of Amsterdam: "2026-11-23 09:00"."""
    return datetime.fromisoformat(local).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("moment", "at_work"),
    [
        ("2026-11-23 08:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 16:59", True),
        ("2026-11-23 17:00", False),
        ("2026-11-22 11:00", False),
        ("2026-12-25 11:00", False),
        ("2026-04-27 11:00", False),
        ("2030-05-05 11:00", False),
        ("2026-05-05 11:00", True),
    ],
    ids=["early", "nine", "last minute", "five", "Sunday", "Christmas", "King's Day", "5 May 2030", "5 May 2026"],
)
def test_when_people_are_at_work(moment: str, at_work: bool) -> None:
    assert is_working_time(at(moment)) is at_work


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-11-23 10:00", 4 * HOUR, "2026-11-23 14:00"),
        ("2026-11-23 10:00", WORKDAY, "2026-11-24 10:00"),
        ("2026-11-23 09:00", WORKDAY, "2026-11-24 09:00"),
        ("2026-11-27 15:00", 4 * HOUR, "2026-11-30 11:00"),
        ("2026-11-28 22:00", 3 * WORKDAY, "2026-12-03 09:00"),
        ("2026-12-24 16:00", 2 * HOUR, "2026-12-28 10:00"),
        ("2026-12-31 16:00", 2 * HOUR, "2027-01-04 10:00"),
        ("2026-10-23 16:00", 2 * HOUR, "2026-10-26 10:00"),
        ("2026-03-27 16:00", 2 * HOUR, "2026-03-30 10:00"),
        ("2026-04-02 16:00", 2 * HOUR, "2026-04-07 10:00"),
    ],
    ids=[
        "same day", "a day", "a day from nine", "over a weekend", "from a Saturday", "over Christmas", "over New Year",
        "the clock goes back", "the clock goes forward", "Easter",
    ],
)  # fmt: skip
def test_working_time_passes_only_when_people_are_at_work(start: str, span: timedelta, end: str) -> None:
    assert after(at(start), span) == at(end).astimezone(UTC)


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given its zone beside it
SPANS = st.timedeltas(timedelta(), 12 * WORKDAY)


@given(MOMENTS, SPANS, SPANS)
def test_two_waits_after_each_other_are_one_long_wait(start: datetime, one: timedelta, other: timedelta) -> None:
    assert after(after(start, one), other) == after(start, one + other)


@given(MOMENTS, SPANS)
def test_a_wait_ends_when_people_are_at_work_and_never_before_it_began(start: datetime, span: timedelta) -> None:
    end = after(start, span)

    assert is_working_time(end)
    assert end >= next_working_moment(start) + span >= start


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_working_time(datetime(2026, 11, 23, 9))  # noqa: DTZ001 - that is the point


def test_a_workday_is_a_day_on_which_people_are_at_work_at_noon() -> None:
    first = date(2026, 1, 1)
    for day in (first + timedelta(days=number) for number in range(2 * 365)):
        assert is_workday(day) is is_working_time(datetime.combine(day, time(12), AMSTERDAM))
