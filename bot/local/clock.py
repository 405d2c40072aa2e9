"""A clock that can be put forward, to try out what happens tomorrow."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from dialogs.domain.opening_hours import AMSTERDAM, public_holidays

#: When the desks of a municipality open.
_MORNING = time(9)
_SATURDAY = 5
#: How far a clock is put forward at once.
FURTHEST = timedelta(days=10 * 366)


class LocalClock:
    """The real time plus an offset that only grows. Called, it tells the time, as the bot's own clock does."""

    def __init__(self, real: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._real = real
        self._offset = timedelta()
        self._listeners: list[Callable[[], None]] = []

    def __call__(self) -> datetime:
        """The time in the try-out, aware, in UTC."""
        return self._real() + self._offset

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of the real one."""
        return self._offset

    def when_moved(self, listener: Callable[[], None]) -> None:
        """Call this after each jump: whoever waits for a moment must look again."""
        self._listeners.append(listener)

    def forward(self, by: timedelta) -> None:
        """Put the clock forward. Raises ValueError for a step back: what happened stays in the past."""
        if by < timedelta():
            raise ValueError("the clock only goes forward")
        self._offset += by
        for listener in self._listeners:
            listener()

    def to(self, moment: datetime) -> None:
        """Put the clock forward to an aware moment. Raises ValueError for one that is past or too far ahead."""
        if (by := moment - self()) > FURTHEST:
            raise ValueError(f"the clock goes at most {FURTHEST.days} days ahead at once")
        self.forward(by)

    def to_next_working_day(self) -> None:
        """Put the clock forward to nine in the morning of the next Dutch working day."""
        now = self()
        self.forward(next_working_morning(now) - now)


def next_working_morning(now: datetime) -> datetime:
    """Nine o'clock in Amsterdam on the first working day after today, in UTC."""
    day = now.astimezone(AMSTERDAM).date() + timedelta(days=1)
    while day.weekday() >= _SATURDAY or day in public_holidays(day.year):
        day += timedelta(days=1)
    return datetime.combine(day, _MORNING, AMSTERDAM).astimezone(UTC)
