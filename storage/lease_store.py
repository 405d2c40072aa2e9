"""What one worker at a time may do."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from dialogs.ports import Lease
from storage.tables import leases
from storage.transaction import Transaction
from storage.upsert import insert

#: The end of a lease that was let go of: over by whatever clock.
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_insert = insert(leases)
_TAKE = _insert.on_conflict_do_update(
    index_elements=["name"],
    set_={
        "holder": _insert.excluded.holder,
        "until": _insert.excluded.until,
        "holder_before": leases.c.holder,
    },
    where=or_(
        leases.c.holder == _insert.excluded.holder,
        leases.c.until <= bindparam("now"),
        leases.c.until == bindparam("stale", type_=leases.c.until.type),
    ),
).returning(leases.c.holder_before)
_ENDS = select(leases.c.until).where(leases.c.name == bindparam("of_name"))
_RELEASE = (
    update(leases)
    .where(leases.c.name == bindparam("of_name"), leases.c.holder == bindparam("of_holder"))
    .values(until=_LONG_AGO)
)


class LeaseStore:
    """A `dialogs.ports.Leases`. Of two who take one lease at once, PostgreSQL lets the second wait for the first."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def take(
        self, name: str, holder: str, *, now: datetime, until: datetime, stale: datetime | None = None
    ) -> Lease | None:
        """Take a lease that is free or over (as `stale` is), or one's own again; None if another has it."""
        values: dict[str, Any] = {"name": name, "holder": holder, "until": until, "holder_before": "", "now": now}
        values["stale"] = stale
        row = (await self._transaction.execute(_TAKE, values)).first()
        return None if row is None else Lease(holder, until, row.holder_before)

    async def ends(self, name: str) -> datetime | None:
        """When it ends, by the clock of whoever has it; None if nobody ever had it."""
        return (await self._transaction.execute(_ENDS, {"of_name": name})).scalar()

    async def release(self, name: str, holder: str) -> None:
        """Let go of it; nothing happens if another has it."""
        await self._transaction.execute(_RELEASE, {"of_name": name, "of_holder": holder})
