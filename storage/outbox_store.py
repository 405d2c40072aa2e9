"""What must reach somebody."""

from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import Row, and_, bindparam, delete, exists, false, func, null, or_, select, true, update

from dialogs.domain.notices import Lane, Notice, NoticeKind
from dialogs.ports import Claimed, Delivery, DeliveryState, Sent
from storage.tables import outbox, people
from storage.transaction import Transaction
from storage.upsert import insert

_PUT = insert(outbox).on_conflict_do_nothing(index_elements=["id"])

_unsent = outbox.c.settled_at.is_(None)
_behind = outbox.alias("behind")
# The oldest of each recipient in each lane: found in one pass, whatever waits behind it. A comparison of every notice
# with those before it took PostgreSQL five seconds once ten thousand waited for two people.
_oldest = (
    select(func.min(_behind.c.number).label("number"))
    .where(_behind.c.settled_at.is_(None))
    .group_by(_behind.c.recipient, _behind.c.lane)
    .cte("oldest")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_is_oldest = outbox.c.number.in_(select(_oldest.c.number))

# FOR UPDATE SKIP LOCKED is for PostgreSQL, where workers claim at the same time; SQLite has one writer, and SQLAlchemy
# leaves the clause out there. On PostgreSQL a row that another worker claimed just before is checked again, with its
# new due_at, once its lock is there. MATERIALIZED: the rows are chosen once, so that `limit` holds.
_due = (
    select(outbox.c.number)
    .where(_unsent, outbox.c.lane == bindparam("of_lane"), outbox.c.due_at <= bindparam("now"), _is_oldest)
    .order_by(outbox.c.number)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True, of=outbox)
    .cte("due")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.number.in_(select(_due.c.number)))
    .values(
        worker=bindparam("new_worker"),
        due_at=bindparam("lease_until"),
        attempts=outbox.c.attempts + 1,
        # A worker that is still there never told how its try ended: it may have arrived.
        ambiguous=or_(outbox.c.ambiguous, outbox.c.worker.is_not(None)),
    )
    .returning(outbox)
)
_HELD_BY_OTHERS = select(exists().where(_unsent, outbox.c.worker != bindparam("me")))
# The worker stays: whoever claims next knows that the try may have arrived.
_RELEASE_ALL = update(outbox).where(_unsent, outbox.c.worker == bindparam("gone")).values(due_at=bindparam("at"))

# The worker stays in a settled row, so that the answer can tell whose it was.
_DELIVERED = (
    update(outbox)
    .where(outbox.c.id == bindparam("notice_id"))
    .values(settled_at=bindparam("at"), dead=false(), last_error=null())
    .returning(outbox.c.worker)
)
_held = (
    update(outbox)
    .where(outbox.c.id == bindparam("notice_id"), outbox.c.worker == bindparam("holder"), _unsent)
    .returning(outbox.c.id)
)
_POSTPONE = _held.values(
    worker=null(),
    due_at=bindparam("until"),
    last_error=bindparam("error"),
    ambiguous=or_(outbox.c.ambiguous, bindparam("in_doubt")),
)
_PUT_OFF = _held.values(worker=null(), due_at=bindparam("until"), attempts=outbox.c.attempts - 1)
_GIVE_UP = _held.values(
    settled_at=bindparam("at"), dead=true(), last_error=bindparam("error"), unreachable=bindparam("because_gone")
)
_LET_GO = _held.values(settled_at=bindparam("at"), last_error=bindparam("error"))

# Of each recipient only the oldest one counts: those behind it wait, whatever their own time.
_NEXT_DUE = select(func.min(outbox.c.due_at)).where(_unsent, _is_oldest)

_listed = select(outbox).order_by(outbox.c.number)
_OF_SIGNAL = _listed.where(outbox.c.signal_id == bindparam("of_signal"))
_WAITING = _listed.where(_unsent).limit(bindparam("count"))
_DEAD = _listed.where(outbox.c.dead).limit(bindparam("count"))

_put_back = (
    update(outbox)
    .where(outbox.c.dead)
    .values(
        settled_at=null(),
        dead=false(),
        unreachable=false(),
        worker=null(),
        attempts=0,
        resent_at=bindparam("at"),
        due_at=bindparam("at"),
    )
)
_RESEND = _put_back.where(outbox.c.id == bindparam("notice_id"))
_RESEND_TO_WHO_CAME_BACK = _put_back.where(
    outbox.c.unreachable,
    exists().where(people.c.person == outbox.c.recipient, people.c.reachable, people.c.seen_at > outbox.c.settled_at),
)

_SENT = (
    select(
        func.coalesce(people.c.conversation_id, outbox.c.recipient).label("conversation_id"),
        func.coalesce(outbox.c.settled_at, bindparam("now", type_=outbox.c.settled_at.type)).label("at"),
    )
    .select_from(outbox.outerjoin(people, people.c.person == outbox.c.recipient))
    .where(
        or_(
            outbox.c.settled_at.between(bindparam("since"), bindparam("now")),
            # Under way, or tried: when the last try was is not known, and too late a moment costs a second.
            and_(_unsent, outbox.c.attempts > 0),
        )
    )
)

_old = (
    select(outbox.c.number)
    .where(outbox.c.settled_at.is_not(None), outbox.c.settled_at < bindparam("before"), ~outbox.c.dead)
    .order_by(outbox.c.settled_at)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_FORGET = delete(outbox).where(outbox.c.number.in_(_old))


class OutboxStore:
    """A `dialogs.ports.Outbox`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def put(self, notice: Notice) -> None:
        """Add a notice, due at once. One whose id is there already is the same one: nothing happens."""
        values: dict[str, Any] = {
            "id": notice.id,
            "kind": notice.kind.value,
            "recipient": notice.recipient,
            "signal_id": notice.signal_id,
            "created_at": notice.created_at,
            "detail": orjson.dumps(dict(notice.detail)).decode(),
            "due_at": notice.created_at,
            "attempts": 0,
            "ambiguous": False,
            "dead": False,
            "lane": notice.lane.value,
        }
        await self._transaction.execute(_PUT, values)

    async def claim(
        self, *, worker: str, now: datetime, lease_until: datetime, limit: int, lane: Lane = Lane.ORDINARY
    ) -> Sequence[Claimed]:
        """Take due notices of a lane, oldest first: at most one a recipient, and only a recipient's oldest unsent one.

        A try whose lease ended without a word counts as ambiguous.
        """
        values = {"new_worker": worker, "now": now, "lease_until": lease_until, "count": limit, "of_lane": lane.value}
        rows = (await self._transaction.execute(_CLAIM, values)).all()
        return [_claimed(row) for row in sorted(rows, key=lambda row: row.number)]

    async def is_held_by_others(self, worker: str) -> bool:
        """Whether workers other than this one hold something."""
        return bool((await self._transaction.execute(_HELD_BY_OTHERS, {"me": worker})).scalar())

    async def release_all_of(self, worker: str, now: datetime) -> int:
        """End the leases of a worker that is gone; how many."""
        return (await self._transaction.execute(_RELEASE_ALL, {"gone": worker, "at": now})).rowcount

    async def delivered(self, notice_id: str, worker: str, at: datetime) -> bool:
        """Record the delivery; False if the lease was lost to another worker (it stays recorded as delivered)."""
        holder = (await self._transaction.execute(_DELIVERED, {"notice_id": notice_id, "at": at})).scalar()
        return holder == worker

    async def postpone(self, notice_id: str, worker: str, *, until: datetime, error: str, ambiguous: bool) -> bool:
        """Release it to be tried again at that time; False if the lease was lost."""
        values = {"until": until, "error": error, "in_doubt": ambiguous}
        return await self._holds(_POSTPONE, notice_id, worker, values)

    async def put_off(self, notice_id: str, worker: str, until: datetime) -> bool:
        """Release it untried, for that time; False if the lease was lost."""
        return await self._holds(_PUT_OFF, notice_id, worker, {"until": until})

    async def give_up(
        self, notice_id: str, worker: str, at: datetime, error: str, *, unreachable: bool = False
    ) -> bool:
        """Make it a dead letter; False if the lease was lost."""
        values = {"at": at, "error": error, "because_gone": unreachable}
        return await self._holds(_GIVE_UP, notice_id, worker, values)

    async def let_go(self, notice_id: str, worker: str, at: datetime, error: str) -> bool:
        """Be done with it, arrived or not; False if the lease was lost."""
        return await self._holds(_LET_GO, notice_id, worker, {"at": at, "error": error})

    async def next_due(self) -> datetime | None:
        """When the next claim can give something; None if nothing is unsent."""
        return (await self._transaction.execute(_NEXT_DUE)).scalar()

    async def of_signal(self, signal_id: str) -> Sequence[Delivery]:
        """The notices about a signal, oldest first."""
        return await self._deliveries(_OF_SIGNAL, {"of_signal": signal_id})

    async def waiting(self, limit: int) -> Sequence[Delivery]:
        """The notices that still have to be sent, oldest first."""
        return await self._deliveries(_WAITING, {"count": limit})

    async def dead_letters(self, limit: int) -> Sequence[Delivery]:
        """The notices that were given up, oldest first."""
        return await self._deliveries(_DEAD, {"count": limit})

    async def resend(self, now: datetime, notice_id: str | None = None) -> int:
        """Put a dead letter back, or all of them; how many."""
        if notice_id is None:
            return (await self._transaction.execute(_put_back, {"at": now})).rowcount
        return (await self._transaction.execute(_RESEND, {"at": now, "notice_id": notice_id})).rowcount

    async def resend_to_who_came_back(self, now: datetime) -> int:
        """Put back the dead letters to people who could not be reached and were seen since; how many."""
        return (await self._transaction.execute(_RESEND_TO_WHO_CAME_BACK, {"at": now})).rowcount

    async def sent_since(self, since: datetime, now: datetime) -> Sequence[Sent]:
        """What was sent since that moment; of what is under way or failed, now is told."""
        rows = await self._transaction.execute(_SENT, {"since": since, "now": now})
        return [Sent(row.conversation_id, row.at) for row in rows]

    async def forget_sent(self, before: datetime, limit: int) -> int:
        """Remove at most so many that were delivered or let go before that moment; how many."""
        return (await self._transaction.execute(_FORGET, {"before": before, "count": limit})).rowcount

    async def _holds(self, change: Any, notice_id: str, worker: str, values: dict[str, Any]) -> bool:
        parameters = {"notice_id": notice_id, "holder": worker, **values}
        return (await self._transaction.execute(change, parameters)).first() is not None

    async def _deliveries(self, query: Any, values: dict[str, Any]) -> Sequence[Delivery]:
        rows = await self._transaction.execute(query, values)
        return [
            Delivery(_notice(row), _state(row), row.attempts, row.settled_at or row.due_at, row.last_error or "")
            for row in rows
        ]


def _claimed(row: Row[Any]) -> Claimed:
    since = row.resent_at or row.created_at
    return Claimed(_notice(row), attempts=row.attempts - 1, ambiguous=row.ambiguous, since=since)


def _state(row: Row[Any]) -> DeliveryState:
    if row.settled_at is None:
        return DeliveryState.PENDING
    if row.dead:
        return DeliveryState.FAILED
    return DeliveryState.DELIVERED if row.last_error is None else DeliveryState.LET_GO


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        kind=NoticeKind(row.kind),
        recipient=row.recipient,
        signal_id=row.signal_id,
        created_at=row.created_at,
        detail=MappingProxyType(orjson.loads(row.detail)),
        lane=Lane(row.lane),
    )
