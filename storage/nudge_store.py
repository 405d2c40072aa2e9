"""Nudges: how often the officers want them, who gets one now, and who wants none."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, insert, select, update

from dialogs.domain.nudges import Interval
from storage.tables import nudge_intervals, nudge_refusals, people
from storage.transaction import Transaction
from storage.upsert import insert as upsert

_REFUSED = exists().where(nudge_refusals.c.person == people.c.person)
# As with the outbox: on PostgreSQL two workers take other rows; MATERIALIZED so that `limit` holds.
_to_nudge = (
    select(people.c.person)
    .where(people.c.reachable, people.c.nudged_at < bindparam("before"), ~_REFUSED)
    .order_by(people.c.nudged_at)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
    .cte("to_nudge")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_TAKE = (
    update(people)
    .where(people.c.person.in_(select(_to_nudge.c.person)))
    .values(nudged_at=bindparam("now"))
    .returning(people.c.person)
)
_SET = insert(nudge_intervals)
_NEWEST = select(nudge_intervals).order_by(nudge_intervals.c.number.desc()).limit(1)
_REFUSE = upsert(nudge_refusals).on_conflict_do_nothing()
_ALLOW = delete(nudge_refusals).where(nudge_refusals.c.person == bindparam("of_person"))


class NudgeStore:
    """A `dialogs.ports.Nudges`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def take(self, now: datetime, before: datetime, limit: int) -> Sequence[str]:
        """Reachable people who want them, whose last nudge was before that moment; it is now from here on."""
        rows = await self._transaction.execute(_TAKE, {"now": now, "before": before, "count": limit})
        return sorted(row.person for row in rows)

    async def interval(self) -> Interval | None:
        """What was set last."""
        rows = await self._transaction.execute(_NEWEST)
        return next((Interval(row.weeks, row.actor, row.at) for row in rows), None)

    async def set_interval(self, interval: Interval) -> None:
        """From now on this often; what was set before stays to be read."""
        values = {"weeks": interval.weeks, "actor": interval.set_by, "at": interval.set_at}
        await self._transaction.execute(_SET, values)

    async def refuse(self, person: str) -> None:
        """This person wants none."""
        await self._transaction.execute(_REFUSE, {"person": person})

    async def allow(self, person: str) -> None:
        """This person wants them again."""
        await self._transaction.execute(_ALLOW, {"of_person": person})
