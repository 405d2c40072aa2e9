"""What must reach somebody."""

from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import Row, bindparam, false, func, or_, select, true, update

from dialogs.domain.notices import Notice, NoticeKind
from dialogs.ports import Claimed
from storage.tables import outbox
from storage.transaction import Transaction
from storage.upsert import insert

_PUT = insert(outbox).on_conflict_do_nothing(index_elements=["id"])

_earlier = outbox.alias("earlier")
_is_first_of_recipient = ~(
    select(_earlier.c.number)
    .where(
        _earlier.c.recipient == outbox.c.recipient,
        _earlier.c.settled_at.is_(None),
        _earlier.c.number < outbox.c.number,
    )
    .exists()
)

# FOR UPDATE SKIP LOCKED is for PostgreSQL, where workers claim at the same time; SQLite has one writer, and SQLAlchemy
# leaves the clause out there. On PostgreSQL a row that another worker claimed just before is checked again, with its
# new due_at, once its lock is there. MATERIALIZED: the rows are chosen once, so that `limit` holds.
_due = (
    select(outbox.c.number)
    .where(outbox.c.settled_at.is_(None), outbox.c.due_at <= bindparam("now"), _is_first_of_recipient)
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

# The worker stays in a settled row, so that the answer can tell whose it was.
_DELIVERED = (
    update(outbox)
    .where(outbox.c.id == bindparam("notice_id"))
    .values(settled_at=bindparam("at"), dead=false())
    .returning(outbox.c.worker)
)
_held = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("notice_id"),
        outbox.c.worker == bindparam("holder"),
        outbox.c.settled_at.is_(None),
    )
    .returning(outbox.c.id)
)
_POSTPONE = _held.values(
    worker=None,
    due_at=bindparam("until"),
    last_error=bindparam("error"),
    ambiguous=or_(outbox.c.ambiguous, bindparam("in_doubt")),
)
_GIVE_UP = _held.values(settled_at=bindparam("at"), dead=true(), last_error=bindparam("error"))

# Of each recipient only the oldest one counts: those behind it wait, whatever their own time.
_NEXT_DUE = select(func.min(outbox.c.due_at)).where(outbox.c.settled_at.is_(None), _is_first_of_recipient)


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
        }
        await self._transaction.execute(_PUT, values)

    async def claim(self, *, worker: str, now: datetime, lease_until: datetime, limit: int) -> Sequence[Claimed]:
        """Take due notices, oldest first: at most one a recipient, and only a recipient's oldest unsent one.

        A try whose lease ended without a word counts as ambiguous.
        """
        values = {"new_worker": worker, "now": now, "lease_until": lease_until, "count": limit}
        rows = (await self._transaction.execute(_CLAIM, values)).all()
        return [_claimed(row) for row in sorted(rows, key=lambda row: row.number)]

    async def delivered(self, notice_id: str, worker: str, at: datetime) -> bool:
        """Record the delivery; False if the lease was lost to another worker (it stays recorded as delivered)."""
        holder = (await self._transaction.execute(_DELIVERED, {"notice_id": notice_id, "at": at})).scalar()
        return holder == worker

    async def postpone(self, notice_id: str, worker: str, *, until: datetime, error: str, ambiguous: bool) -> bool:
        """Release it to be tried again at that time; False if the lease was lost."""
        values = {
            "notice_id": notice_id,
            "holder": worker,
            "until": until,
            "error": error,
            "in_doubt": ambiguous,
        }
        return (await self._transaction.execute(_POSTPONE, values)).first() is not None

    async def give_up(self, notice_id: str, worker: str, at: datetime, error: str) -> bool:
        """Make it a dead letter; False if the lease was lost."""
        values = {"notice_id": notice_id, "holder": worker, "at": at, "error": error}
        return (await self._transaction.execute(_GIVE_UP, values)).first() is not None

    async def next_due(self) -> datetime | None:
        """When the next claim can give something; None if nothing is unsent."""
        return (await self._transaction.execute(_NEXT_DUE)).scalar()


def _claimed(row: Row[Any]) -> Claimed:
    notice = Notice(
        id=row.id,
        kind=NoticeKind(row.kind),
        recipient=row.recipient,
        signal_id=row.signal_id,
        created_at=row.created_at,
        detail=MappingProxyType(orjson.loads(row.detail)),
    )
    return Claimed(notice, attempts=row.attempts - 1, ambiguous=row.ambiguous)
