"""The signals, one by one and as lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dialogs.domain.access import Staff
from dialogs.domain.events import SignalEvent
from dialogs.domain.queue import QueueEntry, QueueQuery
from dialogs.domain.signals import Signal


class Signals(Protocol):
    """All signals and their histories."""

    async def next_reference(self, year: int) -> str:
        """The next number of that year, "S-2026-0001" and up; never given out twice, also not after a removal."""
        ...

    async def add(self, signal: Signal) -> Signal:
        """Store a new signal (version 1 in the answer). Raises Conflict if its id is there already."""
        ...

    async def get(self, signal_id: str) -> Signal | None:
        """The signal with this id."""
        ...

    async def save(self, signal: Signal) -> Signal:
        """Store a change and return it with its version one up. Raises Conflict if the stored version differs."""
        ...

    async def plan(self, signal: Signal, was_due_at: datetime | None) -> bool:
        """Store only what is planned (`due_at` and the two beside it); the version stays, so no card goes out of date.

        False if the version is another by now, or if somebody else planned it first (`due_at` is not `was_due_at`).
        """
        ...

    async def append(self, event: SignalEvent) -> SignalEvent:
        """Add an event to the history and return it with its number."""
        ...

    async def history(self, signal_id: str) -> Sequence[SignalEvent]:
        """All events, oldest first."""
        ...

    async def of_reporter(self, reporter: str, limit: int) -> Sequence[Signal]:
        """The newest signals of this person, newest first."""
        ...

    async def asked(self, reporter: str, limit: int) -> Sequence[Signal]:
        """The open signals of this person with a question that has no answer and was not ended, newest first."""
        ...

    async def page(self, behind: Signal | None, limit: int) -> Sequence[Signal]:
        """All signals in order of arrival, a page at a time; `behind` is the last one of the page before."""
        ...

    async def count(self) -> int:
        """How many are stored."""
        ...

    async def followers(self, lead: str) -> Sequence[Signal]:
        """The signals that follow this one, oldest first."""
        ...

    async def by_reference(self, reference: str) -> Signal | None:
        """The signal with this reference."""
        ...

    async def place(self, signal_id: str, places: Sequence[tuple[str, str]]) -> None:
        """Index the signal by these pairs of a kind and a normal form, instead of those before.

        The index is blind: it tells that two places are the same, never what they are.
        """
        ...


class Queue(Protocol):
    """The signals as lists: what is plain in the database, so nothing is opened. Open ones unless said otherwise."""

    async def page(self, query: QueueQuery, limit: int) -> Sequence[QueueEntry]:
        """Most urgent outcome first, then oldest first; a signal that follows another is not listed."""
        ...

    async def size(self, query: QueueQuery) -> int:
        """How many that are on all pages together."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """The ids of signals for which something is due (`Signal.due_at`), longest due first."""
        ...

    async def of_owner(self, owner: str, limit: int) -> Sequence[QueueEntry]:
        """What this person owns, followers too, in the order of the queue."""
        ...

    async def orphans(self, staff: Staff, limit: int, reader: str | None = None) -> Sequence[QueueEntry]:
        """What is owned by somebody who may not handle it (any more), in the order of the queue.

        `reader` is who gets to know of it: what this person is excluded from is left out. None: nobody does.
        """
        ...

    async def about_officers(self, limit: int) -> Sequence[QueueEntry]:
        """What is open and kept from somebody, in the order of the queue. For what acts, not for somebody to read."""
        ...

    async def at_same_place(self, signal_id: str, reader: str, limit: int) -> Sequence[QueueEntry]:
        """Others with a place in common, open or closed, from which the reader is not excluded; newest first."""
        ...

    async def received(self, reader: str, since: datetime, until: datetime, limit: int) -> Sequence[QueueEntry]:
        """What was received in this time, or is still open: followers too, in whatever status; oldest first.

        Nothing from which the reader is excluded.
        """
        ...
