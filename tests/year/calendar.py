"""When somebody is where: the officers' holidays and sick days, and at which hours signals come in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.working_time import is_working_time

FIRST_DAY = date(2026, 1, 5)
DAYS = 364
ANNA, BAS, DINA = "officer-anna", "officer-bas", "deputy-dina"


def moment(day: date, minute: int = 0) -> datetime:
    """A minute of a day in Amsterdam, in UTC."""
    return datetime.combine(day, time(minute // 60, minute % 60), AMSTERDAM).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is not at work from one day up to another, which is the day of return."""

    person: str
    first: date
    back: date
    #: Told in the chat beforehand; of a sick day nobody is told.
    told: bool

    def holds(self, at: datetime) -> bool:
        """Whether it is now."""
        return moment(self.first) <= at < moment(self.back)


#: Week 31 both officers are away, so that the deputy is alone.
ABSENCES = (
    Away(ANNA, date(2026, 2, 23), date(2026, 3, 2), told=True),
    Away(BAS, date(2026, 4, 28), date(2026, 5, 11), told=True),
    Away(ANNA, date(2026, 7, 13), date(2026, 8, 3), told=True),
    Away(BAS, date(2026, 7, 27), date(2026, 8, 17), told=True),
    Away(BAS, date(2026, 10, 19), date(2026, 10, 26), told=True),
    Away(ANNA, date(2026, 12, 21), date(2027, 1, 4), told=True),
    Away(ANNA, date(2026, 3, 17), date(2026, 3, 20), told=False),
    Away(BAS, date(2026, 6, 9), date(2026, 6, 12), told=False),
    Away(ANNA, date(2026, 11, 3), date(2026, 11, 10), told=False),
    Away(BAS, date(2026, 11, 5), date(2026, 11, 7), told=False),
)


def is_away(person: str, at: datetime) -> bool:
    """Whether this person is not there, told or not."""
    return any(each.person == person and each.holds(at) for each in ABSENCES)


def arrivals(random: Random, count: int) -> list[datetime]:
    """So many moments, in order: two of three at desk hours, the others in the evening, at night and at weekends."""
    moments: list[datetime] = []
    while len(moments) < count:
        at = moment(FIRST_DAY + timedelta(days=random.randrange(DAYS)), random.randrange(24 * 60))
        if is_working_time(at) or random.random() < 0.14:
            moments.append(at)
    return sorted(moments)
