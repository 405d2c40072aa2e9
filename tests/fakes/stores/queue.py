"""The signals as lists, in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from dialogs.domain.access import Staff
from dialogs.domain.lifecycle import OPEN, UNCLAIMED, SignalStatus
from dialogs.domain.queue import QueueEntry, QueueFilter, QueueQuery
from dialogs.domain.signals import Signal
from tests.fakes.stores.state import Store, load


class MemoryQueue(Store):
    """A `dialogs.ports.Queue`."""

    async def page(self, query: QueueQuery, limit: int) -> Sequence[QueueEntry]:
        """Most urgent outcome first, then oldest first, from behind `query.behind`."""
        entries = self._listed(query)
        if (behind := query.behind) is not None:
            place = (behind.rank, behind.received_at, behind.signal_id)
            entries = [entry for entry in entries if _place(entry) > place]
        return entries[:limit]

    async def size(self, query: QueueQuery) -> int:
        """How many that are on all pages together."""
        return len(self._listed(query))

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """The ids of signals for which something is due, longest due first."""
        due = sorted((signal.due_at, signal.id) for signal in self._all() if signal.due_at and signal.due_at <= now)
        return [signal_id for _, signal_id in due[:limit]]

    async def of_owner(self, owner: str, limit: int) -> Sequence[QueueEntry]:
        """What this person owns, in the order of the queue."""
        return self._ordered(signal for signal in self._all() if signal.owner == owner and signal.status in OPEN)[
            :limit
        ]

    async def orphans(self, staff: Staff, limit: int, reader: str | None = None) -> Sequence[QueueEntry]:
        """What is owned by somebody who may not handle it (any more), in the order of the queue."""
        return self._ordered(
            signal
            for signal in self._all()
            if signal.status in OPEN
            and signal.owner is not None
            and not signal.may_be_handled_by(signal.owner, staff)
            and reader not in signal.excluded
        )[:limit]

    async def about_officers(self, limit: int) -> Sequence[QueueEntry]:
        """What is open and kept from somebody, in the order of the queue."""
        return self._ordered(s for s in self._all() if s.status in OPEN and s.excluded)[:limit]

    async def at_same_place(self, signal_id: str, reader: str, limit: int) -> Sequence[QueueEntry]:
        """Others with a place in common, newest first."""
        places = self._state.places.get(signal_id, set())
        found = [
            signal
            for signal in self._all()
            if signal.id != signal_id
            and places & self._state.places.get(signal.id, set())
            and reader not in signal.excluded
        ]
        found.sort(key=lambda signal: (signal.received_at, signal.id), reverse=True)
        return [_entry(signal) for signal in found[:limit]]

    async def received(self, reader: str, since: datetime, until: datetime, limit: int) -> Sequence[QueueEntry]:
        """What was received in this time or is still open, oldest first."""
        found = [
            signal
            for signal in self._all()
            if reader not in signal.excluded
            and signal.received_at < until
            and (signal.status in OPEN or signal.received_at >= since)
        ]
        found.sort(key=lambda signal: (signal.received_at, signal.id))
        return [_entry(signal) for signal in found[:limit]]

    def _listed(self, query: QueueQuery) -> list[QueueEntry]:
        def fits(signal: Signal) -> bool:
            match query.filter:
                case QueueFilter.ALL:
                    return True
                case QueueFilter.MINE:
                    return signal.owner == query.reader
                case QueueFilter.UNCLAIMED:
                    return signal.status in UNCLAIMED
                case QueueFilter.WAITING:
                    return signal.status in {SignalStatus.WAITING_FOR_REPORTER, SignalStatus.CONSULTING}
                case QueueFilter.PARTNER_OWES:
                    return signal.partner_due_at is not None
                case QueueFilter.WE_OWE:
                    owed, before = signal.feedback_due_at, query.owed_before
                    return owed is not None and before is not None and owed < before

        return self._ordered(
            signal
            for signal in self._all()
            if signal.status in OPEN
            and signal.lead is None
            and query.reader not in signal.excluded
            and set(query.kept_from) <= signal.excluded
            and fits(signal)
        )

    def _ordered(self, signals: Iterable[Signal]) -> list[QueueEntry]:
        return sorted((_entry(signal) for signal in signals), key=_place)

    def _all(self) -> list[Signal]:
        return [load(Signal, each) for each in self._state.signals.values()]


def _place(entry: QueueEntry) -> tuple[int, datetime, str]:
    return (entry.position.rank, entry.received_at, entry.id)


def _entry(signal: Signal) -> QueueEntry:
    return QueueEntry(
        signal.id,
        signal.reference,
        signal.standing.outcome,
        signal.standing.forms,
        signal.status,
        signal.owner,
        signal.received_at,
        signal.version,
        signal.due_at,
        signal.partner_due_at,
        signal.feedback_due_at,
    )
