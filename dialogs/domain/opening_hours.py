"""When a number is answered: weekdays, exceptions, public holidays and clock changes, on the clock of Amsterdam.

Holidays are the public ones of the `holidays` library for the Netherlands, Good Friday included (5 May only in years
that end in 0 or 5). They count as closed until a municipality names one as an ordinary day: our judgement, because
the policy gives opening hours and is silent on holidays.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
#: The end of a window that lasts until midnight.
MIDNIGHT_AFTER = 24 * 60
#: How far ahead a change is looked for: longer than the longest closure that anybody announces.
_HORIZON = timedelta(days=370)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A part of one day, in minutes since midnight on the wall clock; `end` itself is closed, at most 24 * 60."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= MIDNIGHT_AFTER:
            raise ValueError("a window starts before it ends, between 00:00 and 24:00")


@dataclass(frozen=True, slots=True)
class State:
    """Open or closed, until when (aware, Amsterdam), and the holiday that closes it, by its Dutch name."""

    open: bool
    until: datetime | None = None
    holiday: str | None = None


#: The windows of Monday to Sunday.
Week = tuple[tuple[Window, ...], ...]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When one number is answered.

    `exceptions` replace the weekday and the holiday of their date. `open_on` names holidays that count as ordinary
    days here. Hours that nobody gave us are not `known`: then office hours are assumed, and no end is promised.
    """

    week: Week
    exceptions: dict[date, tuple[Window, ...]] = field(default_factory=dict[date, tuple[Window, ...]])
    open_on: frozenset[str] = frozenset()
    known: bool = True
    always: bool = False

    def at(self, moment: datetime) -> State:
        """Open or closed at an aware moment. Raises ValueError for a naive one."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        if self.always:
            return State(open=True)
        moment = moment.astimezone(UTC)
        start, end = next(((start, end) for start, end in self._spells(moment) if end > moment), (None, None))
        is_open = start is not None and start <= moment
        change = end if is_open else start
        if not self.known or (change is not None and change - moment > _HORIZON):
            change = None
        return State(
            open=is_open,
            until=None if change is None else change.astimezone(AMSTERDAM),
            holiday=None if is_open else self._holiday(moment.astimezone(AMSTERDAM).date()),
        )

    def _spells(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open times from the day before `moment` on, in UTC; windows that touch are one."""
        day = moment.astimezone(AMSTERDAM).date() - _DAY
        last = day + _HORIZON
        spell: tuple[datetime, datetime] | None = None
        while day <= last:
            for window in self._windows(day):
                start, end = _instant(day, window.start), _instant(day, window.end)
                if spell is not None and start <= spell[1]:
                    spell = (spell[0], max(end, spell[1]))
                    continue
                if spell is not None:
                    yield spell
                spell = (start, end)
            day += _DAY
        if spell is not None:
            yield spell

    def _windows(self, day: date) -> tuple[Window, ...]:
        if day in self.exceptions:
            return self.exceptions[day]
        return () if self._holiday(day) else self.week[day.weekday()]

    def _holiday(self, day: date) -> str | None:
        name = public_holidays(day.year).get(day)
        return None if day in self.exceptions or name in self.open_on else name


@cache
def public_holidays(year: int) -> dict[date, str]:
    """The Dutch public holidays of a year with their Dutch names."""
    return dict(holidays.country_holidays("NL", years=year, language="nl"))


def _instant(day: date, minutes: int) -> datetime:
    """When the wall clock of Amsterdam shows these minutes; the first time, where it goes back."""
    if minutes == MIDNIGHT_AFTER:
        day, minutes = day + _DAY, 0
    return datetime.combine(day, time(*divmod(minutes, 60)), AMSTERDAM).astimezone(UTC)


ALWAYS = OpeningHours(week=((Window(0, MIDNIGHT_AFTER),),) * 7, always=True)
#: Nobody gave us hours: working days from 9 to 5 are likely, and more than that is not claimed (our judgement).
UNKNOWN = OpeningHours(week=((Window(9 * 60, 17 * 60),),) * 5 + ((),) * 2, known=False)
