"""What one worker at a time may do."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, update

from dialogs.ports import Lease
from storage.tables import leases
from storage.transaction import Transaction
from storage.upsert import insert

#: How much the clocks of two replicas may differ. A lease that ends later than a new one would, and by more than this,
#: was taken by a clock that was wrong.
_SKEW = timedelta(minutes=1)

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
        leases.c.until > bindparam("believable"),
    ),
).returning(leases.c.holder_before)
_RELEASE = (
    update(leases)
    .where(leases.c.name == bindparam("of_name"), leases.c.holder == bindparam("of_holder"))
    .values(until=bindparam("now"))
)


class LeaseStore:
    """A `dialogs.ports.Leases`. Of two who take one lease at once, PostgreSQL lets the second wait for the first."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> Lease | None:
        """Take a lease that is free or over, or one's own again; None if another has it."""
        values: dict[str, Any] = {"name": name, "holder": holder, "until": until, "holder_before": "", "now": now}
        values["believable"] = until + _SKEW
        row = (await self._transaction.execute(_TAKE, values)).first()
        return None if row is None else Lease(holder, until, row.holder_before)

    async def release(self, name: str, holder: str, now: datetime) -> None:
        """Let go of it now; nothing happens if another has it."""
        await self._transaction.execute(_RELEASE, {"of_name": name, "of_holder": holder, "now": now})
