"""The activities that were taken in."""

from datetime import datetime

from sqlalchemy import bindparam, delete

from storage.tables import activities
from storage.transaction import Transaction
from storage.upsert import insert

_WRITE = insert(activities).on_conflict_do_nothing().returning(activities.c.activity_id)
_FORGET = delete(activities).where(activities.c.at < bindparam("before"))


class JournalStore:
    """A `dialogs.ports.Journal`. On PostgreSQL a second writer of one activity waits for the first to end."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def first_time(self, activity_id: str, at: datetime) -> bool:
        """Write the activity down; False if it was there already."""
        result = await self._transaction.execute(_WRITE, {"activity_id": activity_id, "at": at})
        return result.first() is not None

    async def forget_before(self, at: datetime) -> int:
        """Remove what is older; the number removed."""
        return (await self._transaction.execute(_FORGET, {"before": at})).rowcount
