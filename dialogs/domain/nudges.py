"""How often colleagues are reminded what Meldroute is for (policy action 2.3)."""

from dataclasses import dataclass
from datetime import datetime

#: What an officer can choose, in weeks; 0 is never. Not more often than every four: who is asked each week looks away.
CHOICES = (0, 4, 8, 13, 26)


@dataclass(frozen=True, slots=True)
class Interval:
    """Every how many weeks, as set by an officer."""

    weeks: int
    set_by: str
    set_at: datetime
