"""The stores in memory, for tests of everything above them. The contract suite of tests/storage runs on these too.

What is written and what is committed are kept apart, so that a forgotten commit() shows; everything goes through JSON,
so that state that cannot be stored fails here as well. One unit at a time, as with SQLite.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from pydantic import TypeAdapter

from dialogs.domain.addresses import Address, CardAddress, CardSubject
from dialogs.domain.case_file import case_file
from dialogs.domain.desk import Desk, TalkNote
from dialogs.domain.draft_life import OpenDraft, first_due
from dialogs.domain.events import SignalEvent
from dialogs.domain.lifecycle import OPEN, UNCLAIMED, SignalStatus
from dialogs.domain.notices import Lane, Notice
from dialogs.domain.nudges import Interval
from dialogs.domain.partners import PartnerEdit, PartnerRemark
from dialogs.domain.queue import QueueEntry, QueueFilter, QueueQuery
from dialogs.domain.signals import Draft, Signal
from dialogs.ports import PATIENCE, AuditEntry, Claimed, Conflict, Delivery, DeliveryState, Lease, Sent

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Row:
    """A notice in the outbox. Frozen, so that a copy of the table need not copy its rows."""

    id: str
    notice: str
    recipient: str
    lane: Lane
    due_at: datetime
    worker: str | None = None
    attempts: int = 0
    ambiguous: bool = False
    settled_at: datetime | None = None
    dead: bool = False
    error: str = ""
    unreachable: bool = False
    resent_at: datetime | None = None


@dataclass(slots=True)
class _State:
    """Everything, as JSON by key."""

    activities: dict[str, datetime] = field(default_factory=dict[str, datetime])
    drafts: dict[str, str] = field(default_factory=dict[str, str])
    reminders: dict[str, tuple[int, datetime]] = field(default_factory=dict[str, tuple[int, datetime]])
    signals: dict[str, str] = field(default_factory=dict[str, str])
    events: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    references: dict[int, int] = field(default_factory=dict[int, int])
    places: dict[str, set[tuple[str, str]]] = field(default_factory=dict[str, set[tuple[str, str]]])
    desks: dict[str, str] = field(default_factory=dict[str, str])
    talk_notes: dict[str, str] = field(default_factory=dict[str, str])
    outbox: dict[str, _Row] = field(default_factory=dict[str, _Row])
    leases: dict[str, Lease] = field(default_factory=dict[str, Lease])
    people: dict[str, str] = field(default_factory=dict[str, str])
    without_app: dict[str, datetime] = field(default_factory=dict[str, datetime])
    nudged: dict[str, datetime] = field(default_factory=dict[str, datetime])
    nudge_intervals: list[str] = field(default_factory=list[str])
    nudge_refusals: set[str] = field(default_factory=set[str])
    cards: dict[tuple[str, CardSubject, str], str] = field(default_factory=dict[tuple[str, CardSubject, str], str])
    partner_edits: dict[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    partner_remarks: dict[str, str] = field(default_factory=dict[str, str])
    audit: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def copied(self) -> "_State":
        """A copy that shares nothing that can change; of what is in a table only lists and sets can."""
        tables: dict[str, Any] = {each.name: copy(getattr(self, each.name)) for each in fields(self)}
        for table in tables.values():
            if isinstance(table, dict):
                rows = cast("dict[object, object]", table)
                rows.update({key: copy(row) for key, row in rows.items() if isinstance(row, list | set)})  # pyright: ignore[reportUnknownArgumentType] - of anything
        return _State(**tables)


class Memory:
    """A database in memory: `Memory().unit_of_work` is a `dialogs.ports.UnitsOfWork`."""

    def __init__(self) -> None:
        self.committed = _State()
        self.commits = 0
        self._lock = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None

    def unit_of_work(self) -> "MemoryUnitOfWork":
        """A new unit of work, to be entered once."""
        return MemoryUnitOfWork(self)

    @property
    def drafts(self) -> list[Draft]:
        """The stored drafts."""
        return [_load(Draft, each) for each in self.committed.drafts.values()]

    @property
    def signals(self) -> list[Signal]:
        """The stored signals."""
        return [_load(Signal, each) for each in self.committed.signals.values()]

    @property
    def notices(self) -> list[Notice]:
        """All stored notices, in order of arrival."""
        return [_load(Notice, row.notice) for row in self.committed.outbox.values()]

    @property
    def unsent(self) -> list[Notice]:
        """The stored notices that were neither delivered nor given up."""
        return [_load(Notice, row.notice) for row in self.committed.outbox.values() if row.settled_at is None]

    @property
    def dead(self) -> list[Notice]:
        """The dead letters."""
        return [_load(Notice, row.notice) for row in self.committed.outbox.values() if row.dead]

    @property
    def cards(self) -> list[CardAddress]:
        """The remembered messages."""
        return [_load(CardAddress, each) for each in self.committed.cards.values()]

    @property
    def audit_entries(self) -> list[AuditEntry]:
        """The lines of the audit log."""
        return [_load(AuditEntry, entry) for entry, _ in self.committed.audit]

    async def acquire(self) -> _State:
        """A copy to write in, once no other unit is open."""
        if self._holder is not None and self._holder is asyncio.current_task():
            raise RuntimeError("a unit of work inside another one: with SQLite this waits for ever")
        await self._lock.acquire()
        self._holder = asyncio.current_task()
        return self.committed.copied()

    def commit(self, written: _State) -> None:
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
        self._state = _State()

    @property
    def journal(self) -> "MemoryJournal":
        """The activities that were taken in."""
        return MemoryJournal(self._state)

    @property
    def drafts(self) -> "MemoryDrafts":
        """The open drafts."""
        return MemoryDrafts(self._state)

    @property
    def signals(self) -> "MemorySignals":
        """The signals and their histories."""
        return MemorySignals(self._state)

    @property
    def queue(self) -> "MemoryQueue":
        """The signals as lists."""
        return MemoryQueue(self._state)

    @property
    def desks(self) -> "MemoryDesks":
        """What officers set for themselves."""
        return MemoryDesks(self._state)

    @property
    def outbox(self) -> "MemoryOutbox":
        """What must reach somebody."""
        return MemoryOutbox(self._state)

    @property
    def leases(self) -> "MemoryLeases":
        """What one worker at a time may do."""
        return MemoryLeases(self._state)

    @property
    def people(self) -> "MemoryPeople":
        """Who was seen, and where."""
        return MemoryPeople(self._state)

    @property
    def nudges(self) -> "MemoryNudges":
        """How often people are nudged, and who wants none."""
        return MemoryNudges(self._state)

    @property
    def cards(self) -> "MemoryCards":
        """The messages that show a signal."""
        return MemoryCards(self._state)

    @property
    def partners(self) -> "MemoryPartners":
        """What administrators changed in the directory."""
        return MemoryPartners(self._state)

    @property
    def audit(self) -> "MemoryAudit":
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


class _Store:
    def __init__(self, state: _State) -> None:
        self._state = state


class MemoryJournal(_Store):
    """A `dialogs.ports.Journal`."""

    async def first_time(
        self,
        activity_id: str,
        at: datetime,
        *,
        twin: bytes = b"",
        conversation: str = "",
        patience: timedelta = PATIENCE,
    ) -> bool:
        """Write the activity down; False if it was there already. One unit at a time: the conversation is held."""
        keys = {activity_id, hashlib.sha256(twin).hexdigest() if twin else activity_id}
        first = not keys & self._state.activities.keys()
        for key in keys:
            self._state.activities.setdefault(key, _utc(at))
        return first

    async def forget_before(self, at: datetime) -> int:
        """Remove what is older; the number removed."""
        old = [activity for activity, seen in self._state.activities.items() if seen < _utc(at)]
        for activity in old:
            del self._state.activities[activity]
        return len(old)


class MemoryDrafts(_Store):
    """A `dialogs.ports.Drafts`."""

    async def of(self, reporter: str) -> Draft | None:
        """The open draft of this person."""
        drafts = (_load(Draft, each) for each in self._state.drafts.values())
        return next((draft for draft in drafts if draft.reporter == reporter), None)

    async def save(self, draft: Draft) -> Draft:
        """Store it and return it with its version one up. Raises Conflict."""
        stored = self._state.drafts.get(draft.id)
        own = await self.of(draft.reporter)
        version = 0 if own is None else own.version
        if version != draft.version or (own is None) != (stored is None) or (own is not None and own.id != draft.id):
            raise Conflict(f"draft {draft.id} is not stored with version {draft.version}")
        saved = replace(draft, version=version + 1)
        self._state.drafts[draft.id] = _dump(saved)
        self._state.reminders[draft.id] = (0, first_due(draft.changed_at, practice=draft.practice))
        return saved

    async def remove(self, draft_id: str) -> None:
        """Remove it; nothing happens if it is not there."""
        self._state.drafts.pop(draft_id, None)
        self._state.reminders.pop(draft_id, None)

    async def due(self, now: datetime, limit: int) -> Sequence[OpenDraft]:
        """The drafts for which something is due, longest first."""
        due = sorted((at, draft) for draft, (_, at) in self._state.reminders.items() if at <= now)
        return [self._open(draft) for _, draft in due[:limit]]

    async def remind(self, draft: OpenDraft, number: int, next_at: datetime) -> bool:
        """Store that its reporter gets this reminder; False if the draft is not as it was read."""
        if draft.id not in self._state.drafts or self._open(draft.id) != draft:
            return False
        self._state.reminders[draft.id] = (number, _utc(next_at))
        return True

    async def expire(self, draft: OpenDraft) -> bool:
        """Remove it; False if the draft is not as it was read."""
        if draft.id not in self._state.drafts or self._open(draft.id) != draft:
            return False
        await self.remove(draft.id)
        return True

    def _open(self, draft_id: str) -> OpenDraft:
        draft = _load(Draft, self._state.drafts[draft_id])
        reminded, _ = self._state.reminders[draft_id]
        return OpenDraft(draft.id, draft.reporter, draft.changed_at, draft.version, reminded, draft.practice)


class MemorySignals(_Store):
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
        return None if stored is None else _load(Signal, stored)

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
        events.append(_dump(numbered))
        return numbered

    async def history(self, signal_id: str) -> Sequence[SignalEvent]:
        """All events, oldest first."""
        return [_load(SignalEvent, each) for each in self._state.events.get(signal_id, [])]

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
        return [_load(Signal, each) for each in self._state.signals.values()]

    def _store(self, signal: Signal) -> Signal:
        self._state.signals[signal.id] = _dump(signal)
        return signal


class MemoryQueue(_Store):
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

    async def orphans(self, staff: Sequence[str], limit: int) -> Sequence[QueueEntry]:
        """What is owned by somebody who is none of these people, in the order of the queue."""
        owned = (signal for signal in self._all() if signal.owner is not None and signal.status in OPEN)
        return self._ordered(signal for signal in owned if signal.owner not in staff)[:limit]

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
        return [_load(Signal, each) for each in self._state.signals.values()]


def _place(entry: QueueEntry) -> tuple[int, datetime, str]:
    return (entry.position.rank, entry.received_at, entry.id)


def _entry(signal: Signal) -> QueueEntry:
    return QueueEntry(
        signal.id,
        signal.reference,
        signal.assessment.outcome,
        tuple(signal.assessment.forms),
        signal.status,
        signal.owner,
        signal.received_at,
        signal.version,
        signal.due_at,
        signal.partner_due_at,
        signal.feedback_due_at,
    )


class MemoryDesks(_Store):
    """A `dialogs.ports.Desks`."""

    async def of(self, person: str) -> Desk:
        """The desk of this person; a new one where nothing was set."""
        stored = self._state.desks.get(person)
        return Desk(person) if stored is None else _load(Desk, stored)

    async def save(self, desk: Desk) -> None:
        """Store it."""
        self._state.desks[desk.person] = _dump(desk)

    async def absent(self, now: datetime) -> dict[str, datetime]:
        """Who is away at this moment, and until when."""
        desks = (_load(Desk, each) for each in self._state.desks.values())
        return {desk.person: desk.absent_until for desk in desks if desk.absent_until and desk.absent_until > now}

    async def take_digest(self, person: str, due_at: datetime | None, next_at: datetime) -> bool:
        """Store when the next digest is due; False if another worker did."""
        desk = await self.of(person)
        if desk.digest_due_at != due_at:
            return False
        await self.save(replace(desk, digest_due_at=_utc(next_at)))
        return True

    async def add_note(self, note: TalkNote) -> bool:
        """Store a line for the talk; False if its id is there already."""
        is_new = note.id not in self._state.talk_notes
        self._state.talk_notes.setdefault(note.id, _dump(note))
        return is_new

    async def notes(self, since: datetime, limit: int) -> Sequence[TalkNote]:
        """The lines since that moment, newest first."""
        notes = [_load(TalkNote, each) for each in self._state.talk_notes.values()]
        newest = sorted((note for note in notes if note.at >= since), key=lambda note: note.id)
        return sorted(newest, key=lambda note: note.at, reverse=True)[:limit]


class MemoryOutbox(_Store):
    """A `dialogs.ports.Outbox`."""

    async def put(self, notice: Notice) -> None:
        """Add a notice, due at once. One whose id is there already is the same one: nothing happens."""
        row = _Row(notice.id, _dump(notice), notice.recipient, notice.lane, due_at=_utc(notice.created_at))
        self._state.outbox.setdefault(notice.id, row)

    async def claim(
        self, *, worker: str, now: datetime, lease_until: datetime, limit: int, lane: Lane = Lane.ORDINARY
    ) -> Sequence[Claimed]:
        """Take due notices of a lane, oldest first: at most one a recipient, and only a recipient's oldest unsent."""
        due = [row for row in self._first_of_each() if row.lane is lane and row.due_at <= now][:limit]
        claimed: list[Claimed] = []
        for row in due:
            ambiguous = row.ambiguous or row.worker is not None
            notice = _load(Notice, row.notice)
            claimed.append(Claimed(notice, row.attempts, ambiguous, row.resent_at or notice.created_at))
            until, attempts = _utc(lease_until), row.attempts + 1
            self._change(row, worker=worker, due_at=until, attempts=attempts, ambiguous=ambiguous)
        return claimed

    async def is_held_by_others(self, worker: str) -> bool:
        """Whether workers other than this one hold something."""
        return any(row.worker not in {None, worker} for row in self._unsent())

    async def release_all_of(self, worker: str, now: datetime) -> int:
        """End the leases of a worker that is gone; how many."""
        held = [row for row in self._unsent() if row.worker == worker]
        for row in held:
            self._change(row, due_at=_utc(now))
        return len(held)

    async def delivered(self, notice_id: str, worker: str, at: datetime) -> bool:
        """Record the delivery; False if the lease was lost to another worker (it stays recorded as delivered)."""
        row = self._state.outbox.get(notice_id)
        if row is None:
            return False
        self._change(row, settled_at=_utc(at), dead=False, error="")
        return row.worker == worker

    async def postpone(self, notice_id: str, worker: str, *, until: datetime, error: str, ambiguous: bool) -> bool:
        """Release it to be tried again at that time; False if the lease was lost."""
        row = self._held(notice_id, worker)
        if row is not None:
            in_doubt = row.ambiguous or ambiguous
            self._change(row, worker=None, due_at=_utc(until), ambiguous=in_doubt, error=error)
        return row is not None

    async def put_off(self, notice_id: str, worker: str, until: datetime) -> bool:
        """Release it untried, for that time; False if the lease was lost."""
        row = self._held(notice_id, worker)
        if row is not None:
            self._change(row, worker=None, due_at=_utc(until), attempts=row.attempts - 1)
        return row is not None

    async def give_up(
        self, notice_id: str, worker: str, at: datetime, error: str, *, unreachable: bool = False
    ) -> bool:
        """Make it a dead letter; False if the lease was lost."""
        row = self._held(notice_id, worker)
        if row is not None:
            self._change(row, settled_at=_utc(at), dead=True, error=error, unreachable=unreachable)
        return row is not None

    async def let_go(self, notice_id: str, worker: str, at: datetime, error: str) -> bool:
        """Be done with it, arrived or not; False if the lease was lost."""
        row = self._held(notice_id, worker)
        if row is not None:
            self._change(row, settled_at=_utc(at), error=error)
        return row is not None

    async def next_due(self) -> datetime | None:
        """When the next claim can give something; None if nothing is unsent."""
        return min((row.due_at for row in self._first_of_each()), default=None)

    async def of_signal(self, signal_id: str) -> Sequence[Delivery]:
        """The notices about a signal, oldest first."""
        return [each for each in map(_delivery, self._state.outbox.values()) if each.notice.signal_id == signal_id]

    async def waiting(self, limit: int) -> Sequence[Delivery]:
        """The notices that still have to be sent, oldest first."""
        return [_delivery(row) for row in self._unsent()][:limit]

    async def dead_letters(self, limit: int) -> Sequence[Delivery]:
        """The notices that were given up, oldest first."""
        return [_delivery(row) for row in self._state.outbox.values() if row.dead][:limit]

    async def resend(self, now: datetime, notice_id: str | None = None) -> int:
        """Put a dead letter back, or all of them; how many."""
        return self._put_back(now, (row for key, row in self._state.outbox.items() if notice_id in {None, key}))

    async def resend_to_who_came_back(self, now: datetime) -> int:
        """Put back the dead letters to people who could not be reached and were seen since; how many."""

        def is_back(row: _Row) -> bool:
            known = self._state.people.get(row.recipient)
            address = None if known is None else _load(Address, known)
            settled_at = row.settled_at
            return address is not None and address.reachable and settled_at is not None and address.seen_at > settled_at

        return self._put_back(now, (row for row in self._state.outbox.values() if row.unreachable and is_back(row)))

    async def sent_since(self, since: datetime, now: datetime) -> Sequence[Sent]:
        """What was sent since that moment; of what is under way, now is told."""

        def conversation(row: _Row) -> str:
            known = self._state.people.get(row.recipient)
            return row.recipient if known is None else _load(Address, known).conversation_id

        rows = self._state.outbox.values()
        tried = [row for row in rows if (since <= row.settled_at <= now if row.settled_at else row.worker)]
        return [Sent(conversation(row), row.settled_at or _utc(now)) for row in tried]

    async def forget_sent(self, before: datetime, limit: int) -> int:
        """Remove at most so many that were delivered or let go before that moment; how many."""
        settled = [(row.settled_at, key) for key, row in self._state.outbox.items() if row.settled_at and not row.dead]
        old = sorted(each for each in settled if each[0] < before)[:limit]
        for _, key in old:
            del self._state.outbox[key]
        return len(old)

    def _put_back(self, now: datetime, rows: Iterable[_Row]) -> int:
        dead = [row for row in rows if row.dead]
        for row in dead:
            fresh: dict[str, Any] = {"settled_at": None, "dead": False, "unreachable": False, "attempts": 0}
            self._change(row, **fresh, worker=None, resent_at=_utc(now), due_at=_utc(now))
        return len(dead)

    def _change(self, row: _Row, **changes: Any) -> None:
        self._state.outbox[row.id] = replace(row, **changes)

    def _unsent(self) -> list[_Row]:
        return [row for row in self._state.outbox.values() if row.settled_at is None]

    def _held(self, notice_id: str, worker: str) -> _Row | None:
        row = self._state.outbox.get(notice_id)
        return row if row is not None and row.worker == worker and row.settled_at is None else None

    def _first_of_each(self) -> list[_Row]:
        first: dict[tuple[str, Lane], _Row] = {}
        for row in self._unsent():
            first.setdefault((row.recipient, row.lane), row)
        return list(first.values())


def _delivery(row: _Row) -> Delivery:
    settled = DeliveryState.LET_GO if row.error else DeliveryState.DELIVERED
    state = DeliveryState.FAILED if row.dead else settled if row.settled_at else DeliveryState.PENDING
    return Delivery(_load(Notice, row.notice), state, row.attempts, row.settled_at or row.due_at, row.error)


class MemoryLeases(_Store):
    """A `dialogs.ports.Leases`."""

    async def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> Lease | None:
        """Take a lease that is free or over, or one's own again; None if another has it."""
        before = self._state.leases.get(name)
        believable = until + timedelta(minutes=1)
        if before is not None and before.holder != holder and now < before.until <= believable:
            return None
        lease = Lease(holder, _utc(until), "" if before is None else before.holder)
        self._state.leases[name] = lease
        return lease

    async def release(self, name: str, holder: str, now: datetime) -> None:
        """Let go of it now; nothing happens if another has it."""
        lease = self._state.leases.get(name)
        if lease is not None and lease.holder == holder:
            self._state.leases[name] = replace(lease, until=_utc(now))


class MemoryPeople(_Store):
    """A `dialogs.ports.People`."""

    async def seen(self, address: Address) -> None:
        """Store or refresh where this person can be reached; they are reachable again."""
        self._state.people[address.person] = _dump(replace(address, reachable=True))
        self._state.nudged.setdefault(address.person, _utc(address.seen_at))

    async def address(self, person: str) -> Address | None:
        """Where this person can be reached."""
        return (await self.addresses([person])).get(person)

    async def addresses(self, people: Sequence[str]) -> dict[str, Address]:
        """The known ones among these people."""
        known = self._state.people
        return {person: _load(Address, known[person]) for person in people if person in known}

    async def unreachable(self, person: str) -> None:
        """Teams said that this person cannot be reached."""
        with suppress(KeyError):
            address = _load(Address, self._state.people[person])
            self._state.people[person] = _dump(replace(address, reachable=False))

    async def lacks_app(self, person: str, since: datetime) -> None:
        """Teams said that this person does not have the app."""
        self._state.without_app.setdefault(person, _utc(since))

    async def without_app(self, people: Sequence[str]) -> dict[str, datetime]:
        """Those among these people who do not have the app and were not seen since."""
        seen = await self.addresses(people)
        known = self._state.without_app
        return {each: known[each] for each in people if each in known and not _seen_since(seen.get(each), known[each])}


def _seen_since(address: Address | None, moment: datetime) -> bool:
    return address is not None and address.seen_at >= moment


class MemoryNudges(_Store):
    """A `dialogs.ports.Nudges`."""

    async def take(self, now: datetime, before: datetime, limit: int) -> Sequence[str]:
        """Reachable people who want them, whose last nudge was before that moment; it is now from here on."""
        waiting = sorted((at, person) for person, at in self._state.nudged.items() if at < before)
        known = {person: _load(Address, self._state.people[person]) for _, person in waiting}
        refused = self._state.nudge_refusals
        people = [person for _, person in waiting if known[person].reachable and person not in refused][:limit]
        self._state.nudged.update(dict.fromkeys(people, _utc(now)))
        return sorted(people)

    async def interval(self) -> Interval | None:
        """What was set last."""
        return _load(Interval, self._state.nudge_intervals[-1]) if self._state.nudge_intervals else None

    async def set_interval(self, interval: Interval) -> None:
        """From now on this often."""
        self._state.nudge_intervals.append(_dump(interval))

    async def refuse(self, person: str) -> None:
        """This person wants none."""
        self._state.nudge_refusals.add(person)

    async def allow(self, person: str) -> None:
        """This person wants them again."""
        self._state.nudge_refusals.discard(person)


class MemoryCards(_Store):
    """A `dialogs.ports.Cards`."""

    async def remember(self, card: CardAddress) -> None:
        """Store the newest message that shows this signal to this person."""
        self._state.cards[card.signal_id, card.subject, card.person] = _dump(card)

    async def of(self, signal_id: str, subject: CardSubject) -> Sequence[CardAddress]:
        """All messages that show this signal so, by person."""
        found = [card for key, card in sorted(self._state.cards.items()) if key[:2] == (signal_id, subject)]
        return [_load(CardAddress, card) for card in found]

    async def forget(self, card: CardAddress) -> None:
        """This message shows it no longer; nothing happens if a newer one does."""
        key = (card.signal_id, card.subject, card.person)
        if self._state.cards.get(key) == _dump(card):
            del self._state.cards[key]


class MemoryPartners(_Store):
    """A `dialogs.ports.Partners`."""

    async def add(self, edit: PartnerEdit) -> None:
        """Store a new version of an entry. Raises Conflict if it is there already."""
        if (edit.key, edit.version) in self._state.partner_edits:
            raise Conflict(f"version {edit.version} of {edit.key} is there already")
        self._state.partner_edits[edit.key, edit.version] = _dump(edit)

    async def newest(self) -> Sequence[PartnerEdit]:
        """The newest edit of each entry, by key."""
        return list({edit.key: edit for edit in self._edits()}.values())

    async def history(self, key: str, limit: int) -> Sequence[PartnerEdit]:
        """The newest edits of an entry, newest first."""
        return [edit for edit in reversed(self._edits()) if edit.key == key][:limit]

    async def revision(self) -> int:
        """How many edits were ever stored."""
        return len(self._state.partner_edits)

    async def put_remark(self, remark: PartnerRemark) -> bool:
        """Store a remark; False if one with its id is there already."""
        is_new = remark.id not in self._state.partner_remarks
        self._state.partner_remarks.setdefault(remark.id, _dump(remark))
        return is_new

    async def remarks(self, limit: int) -> Sequence[PartnerRemark]:
        """The newest remarks on all entries, newest first."""
        remarks = [_load(PartnerRemark, each) for each in self._state.partner_remarks.values()]
        return sorted(remarks, key=lambda remark: (remark.at, remark.id), reverse=True)[:limit]

    def _edits(self) -> list[PartnerEdit]:
        return [_load(PartnerEdit, edit) for _, edit in sorted(self._state.partner_edits.items())]


class MemoryAudit(_Store):
    """A `dialogs.ports.Audit`."""

    async def append(self, entry: AuditEntry) -> None:
        """Add a line at the end of the chain."""
        line = _dump(entry)
        self._state.audit.append((line, _hash(self._state.audit, line)))

    async def broken_at(self) -> int | None:
        """The number of the first line whose hash does not follow from the one before; None if the chain holds."""
        audit = self._state.audit
        for number, (line, stored) in enumerate(audit, start=1):
            if stored != _hash(audit[: number - 1], line):
                return number
        return None


def _hash(before: Sequence[tuple[str, str]], line: str) -> str:
    previous = before[-1][1] if before else ""
    return hashlib.sha256((previous + line).encode()).hexdigest()


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a time zone is not stored: pass an aware datetime")
    return at.astimezone(UTC)


@cache
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)


def _dump(value: object) -> str:
    """The value as JSON. Raises for what JSON cannot hold, and for a time without a time zone."""
    return _adapter(type(value)).dump_json(_in_utc(value), warnings="error").decode()


def _load(kind: type[T], text: str) -> T:
    """What `_dump` wrote."""
    return _in_utc(_adapter(kind).validate_json(text))


def _in_utc(value: Any) -> Any:
    """The dataclass with its times in UTC."""
    times = {each.name: getattr(value, each.name) for each in fields(value)}
    return replace(value, **{name: _utc(at) for name, at in times.items() if isinstance(at, datetime)})
