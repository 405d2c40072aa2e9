"""The activities that were taken in, and the lock that lets one turn at a time into a conversation."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, text

from dialogs.ports import PATIENCE
from storage.codec import ContentCodec
from storage.column_types import UtcDateTime
from storage.tables import activities
from storage.transaction import Transaction

_AT = bindparam("at", type_=UtcDateTime())
# Two keys an activity: its id, and what it shares with itself under another id. All in one statement, so that the lock
# costs no round trip; the time-out holds until the end of the transaction. What waits for the lock sees what the turn
# before it committed: a conflict is looked for beyond the statement's snapshot, and later statements have their own.
_TAKE_IN = {
    "postgresql": text("""
        WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', :patience, true)),
        held AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended(:conversation, 0)) FROM patience)
        INSERT INTO activities (activity_id, at)
        SELECT keys.key, CAST(:at AS timestamptz) FROM held, (VALUES (:activity_id), (:twin)) AS keys (key)
        ON CONFLICT DO NOTHING RETURNING activity_id
    """).bindparams(_AT),
    # One process writes to the file, one transaction at a time: the lock is there already.
    "sqlite": text("""
        INSERT INTO activities (activity_id, at) VALUES (:activity_id, :at), (:twin, :at)
        ON CONFLICT DO NOTHING RETURNING activity_id
    """).bindparams(_AT),
}
_FORGET = delete(activities).where(activities.c.at < bindparam("before"))


class JournalStore:
    """A `dialogs.ports.Journal`. On PostgreSQL a conversation is held among all replicas."""

    __slots__ = ("_codec", "_transaction")

    def __init__(self, transaction: Transaction, codec: ContentCodec) -> None:
        self._transaction = transaction
        self._codec = codec

    async def first_time(
        self,
        activity_id: str,
        at: datetime,
        *,
        twin: bytes = b"",
        conversation: str = "",
        patience: timedelta = PATIENCE,
    ) -> bool:
        """Write the activity down and hold its conversation; False if it was there already. Raises Busy."""
        # Teams names a message by its millisecond: in another conversation the same id is another activity.
        key = f"{conversation} {activity_id}" if conversation else activity_id
        keys = {"activity_id": key, "twin": self._codec.digest(twin) if twin else key}
        values = {**keys, "at": at}
        if self._transaction.dialect.name == "postgresql":
            values["conversation"] = conversation or activity_id
            values["patience"] = f"{max(1, int(patience.total_seconds() * 1000))}ms"
        written = (await self._transaction.execute(_TAKE_IN[self._transaction.dialect.name], values)).all()
        return len(written) == len(set(keys.values()))

    async def forget_before(self, at: datetime) -> int:
        """Remove what is older; the number removed."""
        return (await self._transaction.execute(_FORGET, {"before": at})).rowcount
