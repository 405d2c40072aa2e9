"""The activities that were taken in."""

from datetime import datetime

from sqlalchemy import bindparam, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import activities
from storage.upsert import insert

_WRITE = insert(activities).on_conflict_do_nothing().returning(activities.c.activity_id)
_FORGET = delete(activities).where(activities.c.at < bindparam("before"))


class JournalStore:
    """A `dialogs.ports.Journal`. On PostgreSQL a second writer of one activity waits for the first to end."""

    __slots__ = ("_connection",)

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def first_time(self, activity_id: str, at: datetime) -> bool:
        """Write the activity down; False if it was there already."""
        result = await self._connection.execute(_WRITE, {"activity_id": activity_id, "at": at})
        return result.first() is not None

    async def forget_before(self, at: datetime) -> int:
        """Remove what is older; the number removed."""
        return (await self._connection.execute(_FORGET, {"before": at})).rowcount
