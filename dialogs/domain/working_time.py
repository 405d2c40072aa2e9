"""The clock of working time: Monday to Friday from nine to five in Amsterdam, public holidays left out.

What waits for a person is counted in it, and what can wait is only told in it. Our judgement: the policy gives no
hours of the municipality; these are the usual ones of a desk. Danger runs on the real clock, never on this one.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from dialogs.domain.opening_hours import AMSTERDAM, public_holidays

_BEGINS, _ENDS = time(9), time(17)
_SATURDAY = 5
_DAY = timedelta(days=1)
#: The working time of one day.
WORKDAY = timedelta(hours=8)


def is_working_time(at: datetime) -> bool:
    """Whether people are at work. Raises ValueError for a naive moment."""
    day = _day(at)
    begins, ends = _hours(day)
    return is_workday(day) and begins <= at < ends


def is_workday(day: date) -> bool:
    """Whether people are at work on this day."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def next_working_moment(at: datetime) -> datetime:
    """This moment if people are at work, else when they start again; in UTC. Raises ValueError for a naive one."""
    day = _day(at)
    begins, ends = _hours(day)
    if is_workday(day) and at < ends:
        return max(at.astimezone(UTC), begins)
    return _hours(_workday_after(day))[0]


def after(start: datetime, span: timedelta) -> datetime:
    """When this much working time has passed since `start`; in UTC, and always a moment at which people are at work.

    The end of a day is the start of the next one: a whole workday after nine on Monday is nine on Tuesday.
    """
    at = next_working_moment(start)
    day = _day(at)
    while span >= (left := _hours(day)[1] - at):
        span -= left
        day = _workday_after(day)
        at = _hours(day)[0]
    return at + span


def workdays_between(start: datetime, end: datetime) -> int:
    """On how many days people were at work after the day of `start` up to that of `end`; 0 on the same day."""
    day, last = _day(start), _day(end)
    count = 0
    while day < last:
        day += _DAY
        count += is_workday(day)
    return count


def _day(at: datetime) -> date:
    """The date in Amsterdam."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(AMSTERDAM).date()


def _workday_after(day: date) -> date:
    day += _DAY
    while not is_workday(day):
        day += _DAY
    return day


@lru_cache(maxsize=1024)
def _hours(day: date) -> tuple[datetime, datetime]:
    """From when to when people are at work if it is a workday, in UTC."""
    begins, ends = (datetime.combine(day, at, AMSTERDAM).astimezone(UTC) for at in (_BEGINS, _ENDS))
    return begins, ends
