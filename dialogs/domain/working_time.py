"""The clock of working time: Monday to Friday from nine to five in Amsterdam, public holidays left out.

What waits for a person is counted in it, and what can wait is only told in it. Our judgement: the policy gives no
hours of the municipality; these are the usual ones of a desk. Danger runs on the real clock, never on this one.
"""

from datetime import UTC, date, datetime, timedelta

from dialogs.domain.opening_hours import AMSTERDAM, OpeningHours, Window, public_holidays

_OFFICE = OpeningHours(week=((Window(9 * 60, 17 * 60),),) * 5 + ((),) * 2)
#: The working time of one day.
WORKDAY = timedelta(hours=8)


def is_working_time(at: datetime) -> bool:
    """Whether people are at work. Raises ValueError for a naive moment."""
    return _OFFICE.at(at).open


def is_workday(day: date) -> bool:
    """Whether people are at work on this day: quick, as the queue counts the days of everything it lists."""
    return bool(_OFFICE.week[day.weekday()]) and day not in public_holidays(day.year)


def next_working_moment(at: datetime) -> datetime:
    """This moment if people are at work, else when they start again; in UTC."""
    return at.astimezone(UTC) if _OFFICE.at(at).open else _change(at)


def after(start: datetime, span: timedelta) -> datetime:
    """When this much working time has passed since `start`; in UTC, and always a moment at which people are at work.

    The end of a day is the start of the next one: a whole workday after nine on Monday is nine on Tuesday.
    """
    at = next_working_moment(start)
    while span >= (left := _change(at) - at):
        span -= left
        at = next_working_moment(at + left)
    return at + span


def workdays_between(start: datetime, end: datetime) -> int:
    """On how many days people were at work after the day of `start` up to that of `end`; 0 on the same day."""
    day, last = start.astimezone(AMSTERDAM).date(), end.astimezone(AMSTERDAM).date()
    count = 0
    while day < last:
        day += timedelta(days=1)
        count += is_workday(day)
    return count


def _change(at: datetime) -> datetime:
    """When it opens or closes next, in UTC."""
    until = _OFFICE.at(at).until
    if until is None:
        raise ArithmeticError("a year without a working day")
    return until.astimezone(UTC)
