"""A clock that people can put forward."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.local.clock import LocalClock, next_working_morning

MONDAY_EVENING = datetime(2026, 11, 23, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        pytest.param(MONDAY_EVENING, datetime(2026, 11, 24, 8, tzinfo=UTC), id="the next day"),
        pytest.param(datetime(2026, 11, 24, 6, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC), id="early morning"),
        pytest.param(
            datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC), id="over a weekend"
        ),
        pytest.param(
            datetime(2026, 12, 24, 12, tzinfo=UTC), datetime(2026, 12, 28, 8, tzinfo=UTC), id="over Christmas"
        ),
        pytest.param(
            datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC), id="into summer time"
        ),
        pytest.param(
            datetime(2026, 11, 23, 23, 30, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC), id="past midnight"
        ),
    ],
)
def test_next_working_day_begins_at_nine_in_amsterdam(now: datetime, morning: datetime):
    assert next_working_morning(now) == morning


def test_clock_put_forward_runs_on_from_there_and_tells_who_waits():
    told: list[datetime] = []
    clock = LocalClock(lambda: MONDAY_EVENING)
    clock.when_moved(lambda: told.append(clock()))

    clock.forward(timedelta(hours=1))
    clock.to_next_working_day()

    assert told == [MONDAY_EVENING + timedelta(hours=1), datetime(2026, 11, 24, 8, tzinfo=UTC)]
    assert clock.offset == timedelta(hours=11, minutes=55)


def test_clock_does_not_go_back():
    clock = LocalClock(lambda: MONDAY_EVENING)

    with pytest.raises(ValueError, match="only goes forward"):
        clock.forward(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="only goes forward"):
        clock.to(MONDAY_EVENING - timedelta(minutes=1))
    with pytest.raises(ValueError, match="days ahead"):
        clock.to(MONDAY_EVENING + timedelta(days=4000))
    assert clock() == MONDAY_EVENING
