"""The stores in memory, for tests of everything above them. The contract suite of tests/storage runs on these too.

What is written and what is committed are kept apart, so that a forgotten commit() shows; everything goes through JSON,
so that state that cannot be stored fails here as well. One unit at a time, as with SQLite.
"""

import asyncio
from types import TracebackType
from typing import Any, Self

from dialogs.domain.addresses import CardAddress
from dialogs.domain.notices import Notice
from dialogs.domain.signals import Draft, Signal
from dialogs.ports import AuditEntry
from tests.fakes.stores.audit import MemoryAudit
from tests.fakes.stores.desks import MemoryDesks
from tests.fakes.stores.drafts import MemoryDrafts
from tests.fakes.stores.journal import MemoryJournal
from tests.fakes.stores.leases import MemoryLeases
from tests.fakes.stores.outbox import MemoryOutbox
from tests.fakes.stores.partners import MemoryPartners
from tests.fakes.stores.people import MemoryCards, MemoryNudges, MemoryPeople
from tests.fakes.stores.queue import MemoryQueue
from tests.fakes.stores.signals import MemorySignals
from tests.fakes.stores.state import State, load


class Memory:
    """A database in memory: `Memory().unit_of_work` is a `dialogs.ports.UnitsOfWork`."""

    def __init__(self) -> None:
        self.committed = State()
        self.commits = 0
        self._lock = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None

    def unit_of_work(self) -> "MemoryUnitOfWork":
        """A new unit of work, to be entered once."""
        return MemoryUnitOfWork(self)

    @property
    def drafts(self) -> list[Draft]:
        """The stored drafts."""
        return [load(Draft, each) for each in self.committed.drafts.values()]

    @property
    def signals(self) -> list[Signal]:
        """The stored signals."""
        return [load(Signal, each) for each in self.committed.signals.values()]

    @property
    def notices(self) -> list[Notice]:
        """All stored notices, in order of arrival."""
        return [load(Notice, row.notice) for row in self.committed.outbox.values()]

    @property
    def unsent(self) -> list[Notice]:
        """The stored notices that were neither delivered nor given up."""
        return [load(Notice, row.notice) for row in self.committed.outbox.values() if row.settled_at is None]

    @property
    def dead(self) -> list[Notice]:
        """The dead letters."""
        return [load(Notice, row.notice) for row in self.committed.outbox.values() if row.dead]

    @property
    def cards(self) -> list[CardAddress]:
        """The remembered messages."""
        return [load(CardAddress, each) for each in self.committed.cards.values()]

    @property
    def audit_entries(self) -> list[AuditEntry]:
        """The lines of the audit log."""
        return [load(AuditEntry, entry) for entry, _ in self.committed.audit]

    async def acquire(self) -> State:
        """A copy to write in, once no other unit is open."""
        if self._holder is not None and self._holder is asyncio.current_task():
            raise RuntimeError("a unit of work inside another one: with SQLite this waits for ever")
        await self._lock.acquire()
        self._holder = asyncio.current_task()
        return self.committed.copied()

    def commit(self, written: State) -> None:
        """Make what was written last."""
        self.committed = written.copied()
        self.commits += 1

    def release(self) -> None:
        """Let the next unit in."""
        self._holder = None
        self._lock.release()


class MemoryUnitOfWork:
    """A `dialogs.ports.UnitOfWork` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._state = State()

    @property
    def journal(self) -> MemoryJournal:
        """The activities that were taken in."""
        return MemoryJournal(self._state)

    @property
    def drafts(self) -> MemoryDrafts:
        """The open drafts."""
        return MemoryDrafts(self._state)

    @property
    def signals(self) -> MemorySignals:
        """The signals and their histories."""
        return MemorySignals(self._state)

    @property
    def queue(self) -> MemoryQueue:
        """The signals as lists."""
        return MemoryQueue(self._state)

    @property
    def desks(self) -> MemoryDesks:
        """What officers set for themselves."""
        return MemoryDesks(self._state)

    @property
    def outbox(self) -> MemoryOutbox:
        """What must reach somebody."""
        return MemoryOutbox(self._state)

    @property
    def leases(self) -> MemoryLeases:
        """What one worker at a time may do."""
        return MemoryLeases(self._state)

    @property
    def people(self) -> MemoryPeople:
        """Who was seen, and where."""
        return MemoryPeople(self._state)

    @property
    def nudges(self) -> MemoryNudges:
        """How often people are nudged, and who wants none."""
        return MemoryNudges(self._state)

    @property
    def cards(self) -> MemoryCards:
        """The messages that show a signal."""
        return MemoryCards(self._state)

    @property
    def partners(self) -> MemoryPartners:
        """What administrators changed in the directory."""
        return MemoryPartners(self._state)

    @property
    def audit(self) -> MemoryAudit:
        """The audit log."""
        return MemoryAudit(self._state)

    async def commit(self) -> None:
        """Make all changes of this unit last."""
        self._memory.commit(self._state)

    async def __aenter__(self) -> Self:
        self._state = await self._memory.acquire()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._memory.release()
