"""What must reach somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dialogs.domain.notices import Lane, Notice


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
        """What was sent since that moment until now, at the latest at the time told.

        Of what is under way, and of what was tried and is to be tried again, that is now: Teams counted the try, too.
        A person without a known conversation stands for their own.
        """
        ...

    async def forget_sent(self, before: datetime, limit: int) -> int:
        """Remove at most so many that were delivered or let go before that moment; how many."""
        ...
