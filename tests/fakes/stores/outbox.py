"""The outbox in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dialogs.domain.addresses import Address
from dialogs.domain.notices import Lane, Notice
from dialogs.ports import Claimed, Delivery, DeliveryState, Sent
from tests.fakes.stores.state import Row, Store, dump, load, utc


class MemoryOutbox(Store):
    """A `dialogs.ports.Outbox`."""

    async def put(self, notice: Notice) -> None:
        """Add a notice, due at once. One whose id is there already is the same one: nothing happens."""
        row = Row(notice.id, dump(notice), notice.recipient, notice.lane, due_at=utc(notice.created_at))
        self._state.outbox.setdefault(notice.id, row)

    async def claim(
        self, *, worker: str, now: datetime, lease_until: datetime, limit: int, lane: Lane = Lane.ORDINARY
    ) -> Sequence[Claimed]:
        """Take due notices of a lane, oldest first: at most one a recipient, and only a recipient's oldest unsent."""
        due = [row for row in self._first_of_each() if row.lane is lane and row.due_at <= now][:limit]
        claimed: list[Claimed] = []
        for row in due:
            ambiguous = row.ambiguous or row.worker is not None
            notice = load(Notice, row.notice)
            claimed.append(Claimed(notice, row.attempts, ambiguous, row.resent_at or notice.created_at))
            until, attempts = utc(lease_until), row.attempts + 1
            self._change(row, worker=worker, due_at=until, attempts=attempts, ambiguous=ambiguous)
        return claimed

    async def is_held_by_others(self, worker: str) -> bool:
        """Whether workers other than this one hold something."""
        return any(row.worker not in {None, worker} for row in self._unsent())

    async def release_all_of(self, worker: str, now: datetime) -> int:
        """End the leases of a worker that is gone; how many."""
        held = [row for row in self._unsent() if row.worker == worker]
        for row in held:
            self._change(row, due_at=utc(now))
        return len(held)

    async def delivered(self, notice_id: str, worker: str, at: datetime) -> bool:
        """Record the delivery; False if the lease was lost to another worker (it stays recorded as delivered)."""
        row = self._state.outbox.get(notice_id)
        if row is None:
            return False
        self._change(row, settled_at=utc(at), dead=False, error="")
        return row.worker == worker

    async def postpone(self, notice_id: str, worker: str, *, until: datetime, error: str, ambiguous: bool) -> bool:
        """Release it to be tried again at that time; False if the lease was lost."""
        row = self._held(notice_id, worker)
        if row is not None:
            in_doubt = row.ambiguous or ambiguous
            self._change(row, worker=None, due_at=utc(until), ambiguous=in_doubt, error=error)
        return row is not None

    async def put_off(self, notice_id: str, worker: str, until: datetime) -> bool:
        """Release it untried, for that time; False if the lease was lost."""
        row = self._held(notice_id, worker)
        if row is not None:
            self._change(row, worker=None, due_at=utc(until), attempts=row.attempts - 1)
        return row is not None

    async def give_up(
        self, notice_id: str, worker: str, at: datetime, error: str, *, unreachable: bool = False
    ) -> bool:
        """Make it a dead letter; False if the lease was lost."""
        row = self._held(notice_id, worker)
        if row is not None:
            self._change(row, settled_at=utc(at), dead=True, error=error, unreachable=unreachable)
        return row is not None

    async def let_go(self, notice_id: str, worker: str, at: datetime, error: str) -> bool:
        """Be done with it, arrived or not; False if the lease was lost."""
        row = self._held(notice_id, worker)
        if row is not None:
            self._change(row, settled_at=utc(at), error=error)
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

        def is_back(row: Row) -> bool:
            known = self._state.people.get(row.recipient)
            address = None if known is None else load(Address, known)
            settled_at = row.settled_at
            return address is not None and address.reachable and settled_at is not None and address.seen_at > settled_at

        return self._put_back(now, (row for row in self._state.outbox.values() if row.unreachable and is_back(row)))

    async def sent_since(self, since: datetime, now: datetime) -> Sequence[Sent]:
        """What was sent since that moment; of what is under way or failed, now is told."""

        def conversation(row: Row) -> str:
            known = self._state.people.get(row.recipient)
            return row.recipient if known is None else load(Address, known).conversation_id

        rows = self._state.outbox.values()
        tried = [row for row in rows if (since <= row.settled_at <= now if row.settled_at else row.attempts)]
        return [Sent(conversation(row), row.settled_at or utc(now)) for row in tried]

    async def forget_sent(self, before: datetime, limit: int) -> int:
        """Remove at most so many that were delivered or let go before that moment; how many."""
        settled = [(row.settled_at, key) for key, row in self._state.outbox.items() if row.settled_at and not row.dead]
        old = sorted(each for each in settled if each[0] < before)[:limit]
        for _, key in old:
            del self._state.outbox[key]
        return len(old)

    def _put_back(self, now: datetime, rows: Iterable[Row]) -> int:
        dead = [row for row in rows if row.dead]
        for row in dead:
            fresh: dict[str, Any] = {"settled_at": None, "dead": False, "unreachable": False, "attempts": 0}
            self._change(row, **fresh, worker=None, resent_at=utc(now), due_at=utc(now))
        return len(dead)

    def _change(self, row: Row, **changes: Any) -> None:
        self._state.outbox[row.id] = replace(row, **changes)

    def _unsent(self) -> list[Row]:
        return [row for row in self._state.outbox.values() if row.settled_at is None]

    def _held(self, notice_id: str, worker: str) -> Row | None:
        row = self._state.outbox.get(notice_id)
        return row if row is not None and row.worker == worker and row.settled_at is None else None

    def _first_of_each(self) -> list[Row]:
        first: dict[tuple[str, Lane], Row] = {}
        for row in self._unsent():
            first.setdefault((row.recipient, row.lane), row)
        return list(first.values())


def _delivery(row: Row) -> Delivery:
    settled = DeliveryState.LET_GO if row.error else DeliveryState.DELIVERED
    state = DeliveryState.FAILED if row.dead else settled if row.settled_at else DeliveryState.PENDING
    return Delivery(load(Notice, row.notice), state, row.attempts, row.settled_at or row.due_at, row.error)
