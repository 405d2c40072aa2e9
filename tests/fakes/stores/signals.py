"""The signals in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dialogs.domain.case_file import case_file
from dialogs.domain.events import SignalEvent
from dialogs.domain.signals import Signal
from dialogs.ports import Conflict
from tests.fakes.stores.state import Store, dump, load


class MemorySignals(Store):
    """A `dialogs.ports.Signals`."""

    async def next_reference(self, year: int) -> str:
        """The next number of that year."""
        number = self._state.references[year] = self._state.references.get(year, 0) + 1
        return f"S-{year:04}-{number:04}"

    async def add(self, signal: Signal) -> Signal:
        """Store a new signal. Raises Conflict."""
        if signal.id in self._state.signals:
            raise Conflict(f"signal {signal.id} is there already")
        return self._store(replace(signal, version=1))

    async def get(self, signal_id: str) -> Signal | None:
        """The signal with this id."""
        stored = self._state.signals.get(signal_id)
        return None if stored is None else load(Signal, stored)

    async def save(self, signal: Signal) -> Signal:
        """Store a change. Raises Conflict."""
        stored = await self.get(signal.id)
        if stored is None or stored.version != signal.version:
            raise Conflict(f"signal {signal.id} is not stored with version {signal.version}")
        return self._store(replace(signal, version=signal.version + 1))

    async def plan(self, signal: Signal, was_due_at: datetime | None) -> bool:
        """Store only what is planned; False if the signal was changed or planned by somebody else meanwhile."""
        stored = await self.get(signal.id)
        if stored is None or (stored.version, stored.due_at) != (signal.version, was_due_at):
            return False
        self._store(
            replace(
                stored,
                due_at=signal.due_at,
                partner_due_at=signal.partner_due_at,
                feedback_due_at=signal.feedback_due_at,
            )
        )
        return True

    async def append(self, event: SignalEvent) -> SignalEvent:
        """Add an event to the history. Raises Conflict if there is no such signal."""
        if event.signal_id not in self._state.signals:
            raise Conflict(f"there is no signal {event.signal_id} to append to")
        events = self._state.events.setdefault(event.signal_id, [])
        numbered = replace(event, number=len(events) + 1)
        events.append(dump(numbered))
        return numbered

    async def history(self, signal_id: str) -> Sequence[SignalEvent]:
        """All events, oldest first."""
        return [load(SignalEvent, each) for each in self._state.events.get(signal_id, [])]

    async def of_reporter(self, reporter: str, limit: int) -> Sequence[Signal]:
        """The newest signals of this person, newest first."""
        own = [signal for signal in self._all() if signal.reporter == reporter]
        return sorted(own, key=lambda signal: (signal.received_at, signal.id), reverse=True)[:limit]

    async def by_reference(self, reference: str) -> Signal | None:
        """The signal with this reference."""
        return next((signal for signal in self._all() if signal.reference == reference), None)

    async def asked(self, reporter: str, limit: int) -> Sequence[Signal]:
        """The open signals of this person with a question that is open, newest first."""
        own = await self.of_reporter(reporter, len(self._state.signals))
        return [each for each in own if case_file(each, await self.history(each.id)).question is not None][:limit]

    async def page(self, behind: Signal | None, limit: int) -> Sequence[Signal]:
        """All signals in order of arrival, a page at a time."""
        ordered = sorted(self._all(), key=lambda signal: (signal.received_at, signal.id))
        later = [s for s in ordered if behind is None or (s.received_at, s.id) > (behind.received_at, behind.id)]
        return later[:limit]

    async def count(self) -> int:
        """How many are stored."""
        return len(self._state.signals)

    async def followers(self, lead: str) -> Sequence[Signal]:
        """The signals that follow this one, oldest first."""
        following = [signal for signal in self._all() if signal.lead == lead]
        return sorted(following, key=lambda signal: (signal.received_at, signal.id))

    async def place(self, signal_id: str, places: Sequence[tuple[str, str]]) -> None:
        """Index the signal by these places, instead of those before."""
        self._state.places[signal_id] = set(places)

    def _all(self) -> list[Signal]:
        return [load(Signal, each) for each in self._state.signals.values()]

    def _store(self, signal: Signal) -> Signal:
        self._state.signals[signal.id] = dump(signal)
        return signal
