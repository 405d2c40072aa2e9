"""What the core asks of the world: stores behind one unit of work, and a reader of free text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from dialogs.domain.addresses import Address, CardAddress, CardSubject
from dialogs.domain.desk import Desk, TalkNote
from dialogs.domain.draft_life import OpenDraft
from dialogs.domain.events import SignalEvent
from dialogs.domain.notices import Lane, Notice
from dialogs.domain.nudges import Interval
from dialogs.domain.partners import PartnerEdit, PartnerRemark
from dialogs.domain.queue import QueueEntry, QueueQuery
from dialogs.domain.recognition import Reading
from dialogs.domain.signals import Draft, Signal


class Conflict(Exception):
    """Somebody else stored a newer version of the same thing first. Nothing was stored."""


class Busy(Exception):
    """There is no room, or somebody else holds what is needed for too long. Nothing was stored."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: Why, in a word: "full", "stopping", "conversation", "connections" or "lock".
        self.reason = reason


#: How long a turn waits by itself for another turn of the same conversation.
PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log: who did what to which thing, when and why. Never content."""

    at: datetime
    #: Entra object id, or "system".
    actor: str
    #: What was done: "signal_submitted", "signal_opened", "status_changed" ...
    action: str
    #: What it was done to: a signal's id or reference, or another thing's id.
    subject: str
    reason: str = ""


class Suggester(Protocol):
    """Reads free text; a suggestion counts only if its quote stands in the text."""

    def read(self, text: str) -> Reading:
        """What the text seems to mention. Never raises, whatever the text."""
        ...


class Journal(Protocol):
    """The activities that were taken in, so that a redelivery acts once."""

    async def first_time(
        self,
        activity_id: str,
        at: datetime,
        *,
        twin: bytes = b"",
        conversation: str = "",
        patience: timedelta = PATIENCE,
    ) -> bool:
        """Write the activity down and hold its conversation until the unit ends; False if it was there already.

        `twin` is what the same activity has in common with itself under another id, such as a digest of it; it is
        stored as a keyed digest only. Raises Busy when another unit holds the conversation for longer than `patience`.
        """
        ...

    async def forget_before(self, at: datetime) -> int:
        """Remove what is older; the number removed."""
        ...


class Drafts(Protocol):
    """The open drafts: at most one a reporter."""

    async def of(self, reporter: str) -> Draft | None:
        """The open draft of this person."""
        ...

    async def save(self, draft: Draft) -> Draft:
        """Store it and return it with its version one up.

        A new draft has version 0. Raises Conflict if the stored version is not `draft.version`, or if the reporter
        has another draft.
        """
        ...

    async def remove(self, draft_id: str) -> None:
        """Remove it; nothing happens if it is not there."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[OpenDraft]:
        """The drafts for which something is due, by `first_due` after a change or by `remind`; longest due first."""
        ...

    async def remind(self, draft: OpenDraft, number: int, next_at: datetime) -> bool:
        """Store that its reporter gets this reminder, and when something is due again.

        False if the draft was changed, reminded or removed meanwhile. The version stays: no card goes out of date.
        """
        ...

    async def expire(self, draft: OpenDraft) -> bool:
        """Remove it; False if it was changed, reminded or removed meanwhile: then it stays as it is."""
        ...


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

    async def orphans(self, staff: Sequence[str], limit: int) -> Sequence[QueueEntry]:
        """What is owned by somebody who is none of these people, in the order of the queue."""
        ...

    async def at_same_place(self, signal_id: str, reader: str, limit: int) -> Sequence[QueueEntry]:
        """Others with a place in common, open or closed, from which the reader is not excluded; newest first."""
        ...

    async def received(self, reader: str, since: datetime, until: datetime, limit: int) -> Sequence[QueueEntry]:
        """What was received in this time, or is still open: followers too, in whatever status; oldest first.

        Nothing from which the reader is excluded.
        """
        ...


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice that this dispatcher may send until the lease ends."""

    notice: Notice
    #: How often it was tried before.
    attempts: int
    #: Whether an earlier try ended in doubt: it may have arrived.
    ambiguous: bool
    #: From when its patience counts: when it was put, or put back.
    since: datetime


class DeliveryState(StrEnum):
    """What became of a notice."""

    #: Not sent yet, or to be sent again.
    PENDING = "pending"
    DELIVERED = "delivered"
    #: A dead letter: nobody tries any more.
    FAILED = "failed"
    #: A small one that may or may not have arrived.
    LET_GO = "let_go"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice and what became of it."""

    notice: Notice
    state: DeliveryState
    tries: int
    #: When that was decided; of a pending one, when it is due again.
    at: datetime
    #: Why the last try failed, in a status and a code; empty if none did.
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """That something was sent, for who counts how much that is."""

    conversation_id: str
    at: datetime


class Outbox(Protocol):
    """What must reach somebody, stored in the same transaction as what it tells of."""

    async def put(self, notice: Notice) -> None:
        """Add a notice, due at once. One whose id is there already is the same one: nothing happens."""
        ...

    async def claim(
        self, *, worker: str, now: datetime, lease_until: datetime, limit: int, lane: Lane = Lane.ORDINARY
    ) -> Sequence[Claimed]:
        """Take due notices of a lane, oldest first: at most one a recipient, and only a recipient's oldest unsent one.

        A notice is due when its time has come and no lease on it is running. Two workers never hold the same one. A
        try whose lease ended without a word counts as ambiguous.
        """
        ...

    async def is_held_by_others(self, worker: str) -> bool:
        """Whether workers other than this one hold something."""
        ...

    async def release_all_of(self, worker: str, now: datetime) -> int:
        """End the leases of a worker that is gone: what it held can be claimed now; how many."""
        ...

    async def delivered(self, notice_id: str, worker: str, at: datetime) -> bool:
        """Record the delivery; False if the lease was lost to another worker (it stays recorded as delivered)."""
        ...

    async def postpone(self, notice_id: str, worker: str, *, until: datetime, error: str, ambiguous: bool) -> bool:
        """Release it to be tried again at that time; False if the lease was lost."""
        ...

    async def put_off(self, notice_id: str, worker: str, until: datetime) -> bool:
        """Release it untried, for that time; False if the lease was lost."""
        ...

    async def give_up(
        self, notice_id: str, worker: str, at: datetime, error: str, *, unreachable: bool = False
    ) -> bool:
        """Make it a dead letter, kept and visible, which blocks nobody; False if the lease was lost.

        `unreachable`: the recipient cannot be reached, so it is worth sending again when they are seen.
        """
        ...

    async def let_go(self, notice_id: str, worker: str, at: datetime, error: str) -> bool:
        """Be done with it, arrived or not; False if the lease was lost."""
        ...

    async def next_due(self) -> datetime | None:
        """When the earliest unsent notice is due or its lease ends; None if there is none."""
        ...

    async def of_signal(self, signal_id: str) -> Sequence[Delivery]:
        """The notices about a signal, oldest first. What was sent is gone some weeks after."""
        ...

    async def waiting(self, limit: int) -> Sequence[Delivery]:
        """The notices that still have to be sent, oldest first."""
        ...

    async def dead_letters(self, limit: int) -> Sequence[Delivery]:
        """The notices that were given up, oldest first."""
        ...

    async def resend(self, now: datetime, notice_id: str | None = None) -> int:
        """Put a dead letter back, or all of them, as if they were put now; how many."""
        ...

    async def resend_to_who_came_back(self, now: datetime) -> int:
        """Put back the dead letters to people who could not be reached and were seen since; how many."""
        ...

    async def sent_since(self, since: datetime, now: datetime) -> Sequence[Sent]:
        """What was sent since that moment until now, at the latest at the time told; of what is under way that is now.

        A person without a known conversation stands for their own. Failed tries are not told.
        """
        ...

    async def forget_sent(self, before: datetime, limit: int) -> int:
        """Remove at most so many that were delivered or let go before that moment; how many."""
        ...


@dataclass(frozen=True, slots=True)
class Lease:
    """What one worker may do and no other, for a time."""

    holder: str
    until: datetime
    #: Who had it before; the holder itself, if it took it again, and empty if nobody had.
    holder_before: str


class Leases(Protocol):
    """What one worker at a time may do, whoever that is: a lease that ends by itself, not a leader that can vanish."""

    async def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> Lease | None:
        """Take a lease that is free or over, or one's own again; None if another has it.

        One that ends a minute later than this one would was taken by a clock that was wrong, and is over too.
        """
        ...

    async def release(self, name: str, holder: str, now: datetime) -> None:
        """Let go of it now; nothing happens if another has it."""
        ...


class People(Protocol):
    """The people who were seen, and where they can be reached."""

    async def seen(self, address: Address) -> None:
        """Store or refresh where this person can be reached; they are reachable again."""
        ...

    async def address(self, person: str) -> Address | None:
        """Where this person can be reached."""
        ...

    async def addresses(self, people: Sequence[str]) -> dict[str, Address]:
        """The known ones among these people."""
        ...

    async def unreachable(self, person: str) -> None:
        """Teams said that this person cannot be reached."""
        ...

    async def lacks_app(self, person: str, since: datetime) -> None:
        """Teams said that this person, who was never seen, does not have the app."""
        ...

    async def without_app(self, people: Sequence[str]) -> dict[str, datetime]:
        """Those among these people who do not have the app as far as is known, and since when."""
        ...


class Nudges(Protocol):
    """How often people are nudged, and who wants none."""

    async def take(self, now: datetime, before: datetime, limit: int) -> Sequence[str]:
        """Reachable people who want nudges, whose last one (or else first sight) was before that moment.

        It is now from here on. Of two workers at once each gets other people.
        """
        ...

    async def interval(self) -> Interval | None:
        """What an officer set last; None: nobody ever did."""
        ...

    async def set_interval(self, interval: Interval) -> None:
        """From now on this often; what was set before is kept."""
        ...

    async def refuse(self, person: str) -> None:
        """This person wants none; nothing happens if that was known."""
        ...

    async def allow(self, person: str) -> None:
        """This person wants them again."""
        ...


class Cards(Protocol):
    """The messages that show a signal, so that they can be edited in place."""

    async def remember(self, card: CardAddress) -> None:
        """Store the newest message that shows this signal to this person."""
        ...

    async def of(self, signal_id: str, subject: CardSubject) -> Sequence[CardAddress]:
        """All messages that show this signal so."""
        ...

    async def forget(self, card: CardAddress) -> None:
        """This message shows it no longer; nothing happens if a newer one does."""
        ...


class Desks(Protocol):
    """What officers set for themselves, and their lines for the talk with partners."""

    async def of(self, person: str) -> Desk:
        """The desk of this person; a new one where nothing was set."""
        ...

    async def save(self, desk: Desk) -> None:
        """Store it."""
        ...

    async def absent(self, now: datetime) -> dict[str, datetime]:
        """Who is away at this moment, and until when."""
        ...

    async def take_digest(self, person: str, due_at: datetime | None, next_at: datetime) -> bool:
        """Store when the next digest is due; False if another worker did (`due_at` is no longer as it was read)."""
        ...

    async def add_note(self, note: TalkNote) -> bool:
        """Store a line for the talk. One whose id is there already is the same one: then False, and nothing happens."""
        ...

    async def notes(self, since: datetime, limit: int) -> Sequence[TalkNote]:
        """The lines since that moment, newest first."""
        ...


class Partners(Protocol):
    """What administrators changed in the directory of partners, and what others said is not right."""

    async def add(self, edit: PartnerEdit) -> None:
        """Store a new version of an entry. Raises Conflict if that version is there already."""
        ...

    async def newest(self) -> Sequence[PartnerEdit]:
        """The newest edit of each entry, by key."""
        ...

    async def history(self, key: str, limit: int) -> Sequence[PartnerEdit]:
        """The newest edits of an entry, newest first."""
        ...

    async def revision(self) -> int:
        """How many edits were ever stored: whoever knows this many knows them all."""
        ...

    async def put_remark(self, remark: PartnerRemark) -> bool:
        """Store a remark; one whose id is there already is the same one: then False, and nothing happens."""
        ...

    async def remarks(self, limit: int) -> Sequence[PartnerRemark]:
        """The newest remarks on all entries, newest first."""
        ...


class Audit(Protocol):
    """The hash-chained log of every view and change."""

    async def append(self, entry: AuditEntry) -> None:
        """Add a line at the end of the chain."""
        ...

    async def broken_at(self) -> int | None:
        """The number of the first line whose hash does not follow from the one before; None if the chain holds."""
        ...


class UnitOfWork(Protocol):
    """One transaction over all stores. Leaving it without commit() undoes everything."""

    @property
    def journal(self) -> Journal:
        """The activities that were taken in."""
        ...

    @property
    def drafts(self) -> Drafts:
        """The open drafts."""
        ...

    @property
    def signals(self) -> Signals:
        """The signals and their histories."""
        ...

    @property
    def queue(self) -> Queue:
        """The signals as lists."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What must reach somebody."""
        ...

    @property
    def leases(self) -> Leases:
        """What one worker at a time may do."""
        ...

    @property
    def people(self) -> People:
        """Who was seen, and where."""
        ...

    @property
    def nudges(self) -> Nudges:
        """How often people are nudged, and who wants none."""
        ...

    @property
    def cards(self) -> Cards:
        """The messages that show a signal."""
        ...

    @property
    def desks(self) -> Desks:
        """What officers set for themselves."""
        ...

    @property
    def partners(self) -> Partners:
        """What administrators changed in the directory."""
        ...

    @property
    def audit(self) -> Audit:
        """The audit log."""
        ...

    async def commit(self) -> None:
        """Make all changes of this unit last."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class UnitsOfWork(Protocol):
    """Makes units of work; each call a new transaction."""

    def __call__(self) -> UnitOfWork:
        """A new unit of work, to be entered once."""
        ...
