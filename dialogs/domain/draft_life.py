"""How long a draft stays, and when its reporter is reminded: two reminders, then the end (design section 4).

Counted in working time since the last change. The first reminder comes half a day later, when the person who stood at
the desk has gone; that and the second one are our judgement, the three working days are the design's. Nothing ends
without a workday's notice, also when the bot was down meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.working_time import WORKDAY, after

_FIRST = WORKDAY / 2
_SECOND = 2 * WORKDAY
_END = 3 * WORKDAY
_LEAST_NOTICE = WORKDAY
_LAST_REMINDER = 2


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft without its content: all that reminding needs to know."""

    id: str
    #: Entra object id.
    reporter: str
    changed_at: datetime
    version: int
    #: How many reminders were given since the last change.
    reminded: int
    practice: bool


@dataclass(frozen=True, slots=True)
class Remind:
    """Tell the reporter that the draft is there."""

    #: 1 or 2; after a long silence of ours the first is passed over.
    number: int
    #: When something is due again.
    next_at: datetime
    #: Until when the draft stays if nothing happens.
    until: datetime


@dataclass(frozen=True, slots=True)
class Expire:
    """Remove the draft, and say so."""


def first_due(changed_at: datetime, *, practice: bool) -> datetime:
    """When something is due for a draft that has just changed. Of a practice nobody is reminded."""
    return after(changed_at, _END if practice else _FIRST)


def decide(draft: OpenDraft, now: datetime) -> Remind | Expire:
    """What is to be done for a draft for which something is due."""
    if draft.practice or draft.reminded >= _LAST_REMINDER:
        return Expire()
    second = after(draft.changed_at, _SECOND)
    end = after(draft.changed_at, _END)
    if draft.reminded == 0 and now < second:
        return Remind(1, next_at=second, until=end)
    until = max(end, after(now, _LEAST_NOTICE))
    return Remind(_LAST_REMINDER, next_at=until, until=until)
