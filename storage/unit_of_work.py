"""One transaction over all stores."""

from types import TracebackType
from typing import Self

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dialogs.ports import Busy, Conflict
from storage.audit_store import AuditStore
from storage.card_store import CardStore
from storage.codec import ContentCodec
from storage.desk_store import DeskStore
from storage.draft_store import DraftStore
from storage.journal_store import JournalStore
from storage.lease_store import LeaseStore
from storage.nudge_store import NudgeStore
from storage.outbox_store import OutboxStore
from storage.partner_store import PartnerStore
from storage.people_store import PeopleStore
from storage.queue_store import QueueStore
from storage.signal_store import SignalStore
from storage.sqlite import is_busy
from storage.transaction import Transactions

#: Of PostgreSQL (its documentation, appendix A).
_LOCK_NOT_AVAILABLE, _DEADLOCK = "55P03", "40P01"


class SqlUnitOfWork:
    """A `dialogs.ports.UnitOfWork` on a database. The transaction begins with its first statement."""

    __slots__ = ("_audit", "_codec", "_transaction")

    def __init__(self, engine: Transactions, codec: ContentCodec) -> None:
        self._transaction = engine.connect()
        self._codec = codec
        self._audit = AuditStore(self._transaction)

    @property
    def journal(self) -> JournalStore:
        """The activities that were taken in."""
        return JournalStore(self._transaction, self._codec)

    @property
    def drafts(self) -> DraftStore:
        """The open drafts."""
        return DraftStore(self._transaction, self._codec)

    @property
    def signals(self) -> SignalStore:
        """The signals and their histories."""
        return SignalStore(self._transaction, self._codec)

    @property
    def queue(self) -> QueueStore:
        """The signals as lists."""
        return QueueStore(self._transaction)

    @property
    def desks(self) -> DeskStore:
        """What officers set for themselves."""
        return DeskStore(self._transaction, self._codec)

    @property
    def outbox(self) -> OutboxStore:
        """What must reach somebody."""
        return OutboxStore(self._transaction)

    @property
    def leases(self) -> LeaseStore:
        """What one worker at a time may do."""
        return LeaseStore(self._transaction)

    @property
    def people(self) -> PeopleStore:
        """Who was seen, and where."""
        return PeopleStore(self._transaction, self._codec)

    @property
    def nudges(self) -> NudgeStore:
        """How often people are nudged, and who wants none."""
        return NudgeStore(self._transaction)

    @property
    def cards(self) -> CardStore:
        """The messages that show a signal."""
        return CardStore(self._transaction)

    @property
    def partners(self) -> PartnerStore:
        """What administrators changed in the directory."""
        return PartnerStore(self._transaction, self._codec)

    @property
    def audit(self) -> AuditStore:
        """The audit log."""
        return self._audit

    async def commit(self) -> None:
        """Write the audit lines of this unit, as the last thing, and make all its changes last."""
        await self._audit.write()
        await self._transaction.commit()

    async def __aenter__(self) -> Self:
        try:
            await self._transaction.start()
        except (TimeoutError, PoolTimeout) as late:
            raise Busy("connections") from late
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transaction.close()
        if not isinstance(error, DBAPIError):
            return
        if lock_was_not_got(error):
            raise Busy("lock") from error
        if _sqlstate(error) == _DEADLOCK:
            raise Conflict("another unit holds what this one needs, and needs what this one holds") from error


def lock_was_not_got(error: DBAPIError) -> bool:
    """Whether a lock was not got in time: PostgreSQL's `lock_not_available`, or SQLite's busy of another process."""
    return _sqlstate(error) == _LOCK_NOT_AVAILABLE or is_busy(error.orig)


def _sqlstate(error: DBAPIError) -> str:
    """What PostgreSQL calls it; empty for SQLite."""
    return getattr(error.orig, "sqlstate", None) or ""
