"""Nudges: an officer sets how often, everybody says for themselves whether."""

from datetime import datetime

from dialogs.domain.access import Actor, Right
from dialogs.domain.nudges import CHOICES, Interval
from dialogs.ports import AuditEntry, UnitOfWork


async def set_interval(uow: UnitOfWork, actor: Actor, weeks: int, now: datetime) -> Interval:
    """From now on every so many weeks; 0: never. Raises NotAllowed, and ValueError for what is no choice."""
    actor.demand(Right.SET_NUDGES)
    if weeks not in CHOICES:
        raise ValueError(weeks)
    interval = Interval(weeks, actor.id, now)
    await uow.nudges.set_interval(interval)
    await uow.audit.append(AuditEntry(now, actor.id, "nudges_set", "nudges", f"{weeks} weeks"))
    return interval


async def refuse_nudges(uow: UnitOfWork, actor: Actor) -> None:
    """This person is not nudged any more; what is about own signals and drafts still comes."""
    await uow.nudges.refuse(actor.id)


async def allow_nudges(uow: UnitOfWork, actor: Actor) -> None:
    """This person is nudged again."""
    await uow.nudges.allow(actor.id)
