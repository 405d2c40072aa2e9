"""The signals as lists: plain columns along the indexes of the queue; nothing is opened."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, and_, bindparam, exists, func, or_, select, text, tuple_

from dialogs.domain.access import Staff
from dialogs.domain.lifecycle import UNCLAIMED, SignalStatus
from dialogs.domain.queue import QueueEntry, QueueFilter, QueueQuery
from storage.contents import standing_from
from storage.tables import signal_exclusions, signal_places, signals
from storage.transaction import Transaction

_ENTRY = select(
    signals.c.id,
    signals.c.reference,
    signals.c.outcome,
    signals.c.forms,
    signals.c.status,
    signals.c.owner,
    signals.c.received_at,
    signals.c.version,
    signals.c.due_at,
    signals.c.partner_due_at,
    signals.c.feedback_due_at,
)
_ORDER = (signals.c.queue_rank, signals.c.received_at, signals.c.id)
# Typed, as a tuple takes no types from the other side.
_BEHIND = tuple_(
    *(bindparam(name, type_=column.type) for name, column in zip(("rank", "at", "id_behind"), _ORDER, strict=True))
)
# As the partial indexes say it (storage.tables), so that they are used.
_OPEN = signals.c.queue_rank.is_not(None)
_LEADS = signals.c.lead.is_(None)
_NOT_EXCLUDED = ~exists().where(
    signal_exclusions.c.signal_id == signals.c.id, signal_exclusions.c.person == bindparam("reader")
)
_WAITING = (SignalStatus.WAITING_FOR_REPORTER, SignalStatus.CONSULTING)

_DUE = (
    select(signals.c.id)
    .where(text("due_at IS NOT NULL"), signals.c.due_at <= bindparam("now"))
    .order_by(signals.c.due_at)
    .limit(bindparam("count"))
)
_OF_OWNER = _ENTRY.where(_OPEN, signals.c.owner == bindparam("of_owner")).order_by(*_ORDER).limit(bindparam("count"))
_kept_of_all = (
    select(func.count())
    .select_from(signal_exclusions)
    .where(
        signal_exclusions.c.signal_id == signals.c.id,
        signal_exclusions.c.person.in_(bindparam("kept_from", expanding=True)),
    )
    .scalar_subquery()
)
# That all of these people, each counted once, are kept from a signal.
_ALL_KEPT = _kept_of_all == bindparam("all_kept")
# As `Staff.handlers` says it of one signal.
_OWNER_MAY_HANDLE = and_(
    or_(
        signals.c.owner.in_(bindparam("kept_from", expanding=True)),
        and_(signals.c.owner.in_(bindparam("confidants", expanding=True)), _ALL_KEPT),
    ),
    ~exists().where(signal_exclusions.c.signal_id == signals.c.id, signal_exclusions.c.person == signals.c.owner),
)
_ORPHANS = (
    _ENTRY.where(_OPEN, signals.c.owner.is_not(None), ~_OWNER_MAY_HANDLE, _NOT_EXCLUDED)
    .order_by(*_ORDER)
    .limit(bindparam("count"))
)
_ABOUT_OFFICERS = (
    _ENTRY.where(_OPEN, signals.c.id.in_(select(signal_exclusions.c.signal_id)))
    .order_by(*_ORDER)
    .limit(bindparam("count"))
)
_places = signal_places.alias("other_places")
_AT_SAME_PLACE = (
    _ENTRY.where(
        signals.c.id != bindparam("of_signal"),
        signals.c.id.in_(
            select(_places.c.signal_id).where(
                _places.c.place.in_(
                    select(signal_places.c.place).where(signal_places.c.signal_id == bindparam("of_signal"))
                )
            )
        ),
        _NOT_EXCLUDED,
    )
    .order_by(signals.c.received_at.desc(), signals.c.id.desc())
    .limit(bindparam("count"))
)
_RECEIVED = (
    _ENTRY.where(
        or_(_OPEN, signals.c.received_at >= bindparam("since")),
        signals.c.received_at < bindparam("until"),
        _NOT_EXCLUDED,
    )
    .order_by(signals.c.received_at, signals.c.id)
    .limit(bindparam("count"))
)


class QueueStore:
    """A `dialogs.ports.Queue`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def page(self, query: QueueQuery, limit: int) -> Sequence[QueueEntry]:
        """Most urgent outcome first, then oldest first, from behind `query.behind`: one range of an index."""
        chosen = _ENTRY.where(*_conditions(query))
        values: dict[str, Any] = {**_values(query), "count": limit}
        if (behind := query.behind) is not None:
            chosen = chosen.where(tuple_(*_ORDER) > _BEHIND)
            values |= {"rank": behind.rank, "at": behind.received_at, "id_behind": behind.signal_id}
        return await self._entries(chosen.order_by(*_ORDER).limit(bindparam("count")), values)

    async def size(self, query: QueueQuery) -> int:
        """How many that are on all pages together."""
        counted = select(func.count()).select_from(signals).where(*_conditions(query))
        return (await self._transaction.execute(counted, _values(query))).scalar_one()

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """The ids of signals for which something is due, longest due first."""
        return list((await self._transaction.execute(_DUE, {"now": now, "count": limit})).scalars())

    async def of_owner(self, owner: str, limit: int) -> Sequence[QueueEntry]:
        """What this person owns, in the order of the queue."""
        return await self._entries(_OF_OWNER, {"of_owner": owner, "count": limit})

    async def orphans(self, staff: Staff, limit: int, reader: str | None = None) -> Sequence[QueueEntry]:
        """What is owned by somebody who may not handle it (any more), in the order of the queue."""
        values = {"confidants": list(staff.confidants), "reader": reader, "count": limit}
        return await self._entries(_ORPHANS, values | _kept(staff.officers))

    async def about_officers(self, limit: int) -> Sequence[QueueEntry]:
        """What is open and kept from somebody, in the order of the queue."""
        return await self._entries(_ABOUT_OFFICERS, {"count": limit})

    async def at_same_place(self, signal_id: str, reader: str, limit: int) -> Sequence[QueueEntry]:
        """Others with a place in common, open or closed; newest first."""
        return await self._entries(_AT_SAME_PLACE, {"of_signal": signal_id, "reader": reader, "count": limit})

    async def received(self, reader: str, since: datetime, until: datetime, limit: int) -> Sequence[QueueEntry]:
        """What was received in this time or is still open; oldest first."""
        return await self._entries(_RECEIVED, {"reader": reader, "since": since, "until": until, "count": limit})

    async def _entries(self, statement: Executable, values: dict[str, Any]) -> Sequence[QueueEntry]:
        return [_entry(row) for row in await self._transaction.execute(statement, values)]


def _conditions(query: QueueQuery) -> list[ColumnElement[bool]]:
    conditions = [_OPEN, _LEADS, _NOT_EXCLUDED]
    if query.kept_from:
        conditions.append(_ALL_KEPT)
    match query.filter:
        case QueueFilter.ALL:
            pass
        case QueueFilter.MINE:
            conditions.append(signals.c.owner == bindparam("reader"))
        case QueueFilter.UNCLAIMED:
            conditions.append(signals.c.status.in_(sorted(UNCLAIMED)))
        case QueueFilter.WAITING:
            conditions.append(signals.c.status.in_(_WAITING))
        case QueueFilter.PARTNER_OWES:
            conditions.append(signals.c.partner_due_at.is_not(None))
        case QueueFilter.WE_OWE:
            conditions.append(signals.c.feedback_due_at < bindparam("owed_before"))
    return conditions


def _values(query: QueueQuery) -> dict[str, Any]:
    values: dict[str, Any] = {"reader": query.reader}
    if query.kept_from:
        values |= _kept(query.kept_from)
    if query.filter is QueueFilter.WE_OWE:
        values["owed_before"] = query.owed_before
    return values


def _kept(people: Collection[str]) -> dict[str, Any]:
    different = set(people)
    return {"kept_from": sorted(different), "all_kept": len(different)}


def _entry(row: Row[Any]) -> QueueEntry:
    standing = standing_from(row.outcome, row.forms)
    return QueueEntry(
        id=row.id,
        reference=row.reference,
        outcome=standing.outcome,
        forms=standing.forms,
        status=SignalStatus(row.status),
        owner=row.owner,
        received_at=row.received_at,
        version=row.version,
        due_at=row.due_at,
        partner_due_at=row.partner_due_at,
        feedback_due_at=row.feedback_due_at,
    )
