"""What a reporter does with own signals: see them, read the feedback, add to them, wish to withdraw them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.domain.access import Actor, NotAllowed, Right, Staff
from dialogs.domain.events import NEWS, EventKind, SignalEvent, is_seen_by_reporter, is_withdrawal_wished
from dialogs.domain.free_text import accepted
from dialogs.domain.lifecycle import OPEN
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.signals import Signal
from dialogs.ports import AuditEntry, UnitOfWork

#: How much can be added at a time, and how long the reason of a wish may be, in characters.
MOST_ADDED, MOST_REASON = 4000, 500
_MOST_SHOWN = 10


class HasEnded(Exception):
    """The signal is closed or withdrawn: there is nothing left to withdraw."""


@dataclass(frozen=True, slots=True)
class OwnSignal:
    """A signal as its reporter may see it."""

    signal: Signal
    history: tuple[SignalEvent, ...]

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether there is something to withdraw and nobody was asked yet."""
        return self.signal.status in OPEN and not is_withdrawal_wished(self.history)


@dataclass(frozen=True, slots=True)
class OwnSignals:
    """The signals of one person, in one transaction."""

    uow: UnitOfWork
    actor: Actor
    staff: Staff
    now: datetime

    async def newest(self) -> Sequence[Signal]:
        """The newest ten, newest first."""
        self.actor.demand(Right.SEE_OWN_SIGNALS)
        return await self.uow.signals.of_reporter(self.actor.id, _MOST_SHOWN)

    async def look(self, signal_id: str) -> OwnSignal:
        """One of them with what its reporter may know. Raises NotAllowed, also for a signal that is not there."""
        signal, history = await self._own(signal_id, Right.SEE_OWN_SIGNALS)
        return OwnSignal(signal, tuple(event for event in history if is_seen_by_reporter(event)))

    async def read(self, signal_id: str) -> OwnSignal:
        """Look, and add to the history that the feedback was read, once for each news. Raises NotAllowed."""
        signal, history = await self._own(signal_id, Right.SEE_OWN_SIGNALS)
        told = [event.kind for event in history if event.kind in NEWS | {EventKind.FEEDBACK_READ}]
        if told and told[-1] is not EventKind.FEEDBACK_READ:
            await self._append(signal, EventKind.FEEDBACK_READ, {})
        return await self.look(signal_id)

    async def add(self, signal_id: str, raw: str) -> OwnSignal:
        """Add a text, in whatever status it is; the officers hear of it. The same text again is the same addition.

        The signal gets its next version, so that no officer decides on a card without it. Raises NotAllowed,
        TextRefused, Conflict (somebody changed the signal at this moment: try again).
        """
        signal, history = await self._own(signal_id, Right.FOLLOW_UP_OWN_SIGNALS)
        text = accepted(raw, most=MOST_ADDED, required=True)
        if all((event.kind, event.content.get("text")) != (EventKind.ADDED, text) for event in history):
            await self._tell_officers(signal, EventKind.ADDED, {"text": text}, NoticeKind.ADDITION)
        return await self.look(signal_id)

    async def wish_to_withdraw(self, signal_id: str, raw_reason: str) -> OwnSignal:
        """Ask the owner to withdraw it, once. Raises NotAllowed, HasEnded, TextRefused, Conflict as `add`."""
        signal, history = await self._own(signal_id, Right.FOLLOW_UP_OWN_SIGNALS)
        if signal.status not in OPEN:
            raise HasEnded(signal.reference)
        reason = accepted(raw_reason, most=MOST_REASON)
        if not is_withdrawal_wished(history):
            content = {"text": reason}
            await self._tell_officers(signal, EventKind.WITHDRAWAL_WISHED, content, NoticeKind.WITHDRAWAL_WISH)
        return await self.look(signal_id)

    async def _own(self, signal_id: str, right: Right) -> tuple[Signal, Sequence[SignalEvent]]:
        self.actor.demand(right)
        signal = await self.uow.signals.get(signal_id)
        if signal is None or signal.reporter != self.actor.id:
            raise NotAllowed(right)
        return signal, await self.uow.signals.history(signal_id)

    async def _tell_officers(
        self, signal: Signal, kind: EventKind, content: Mapping[str, str], notice: NoticeKind
    ) -> None:
        await self.uow.signals.save(replace(signal, changed_at=self.now))
        event = await self._append(signal, kind, content)
        number = str(event.number)
        for person in signal.listeners(self.staff, await self.uow.desks.absent(self.now)):
            notice_id = ".".join((signal.id, notice, person, number))
            await self.uow.outbox.put(Notice(notice_id, notice, person, signal.id, self.now, {"event": number}))

    async def _append(self, signal: Signal, kind: EventKind, content: Mapping[str, str]) -> SignalEvent:
        await self.uow.audit.append(AuditEntry(self.now, self.actor.id, f"signal_{kind}", signal.id))
        return await self.uow.signals.append(
            SignalEvent(signal.id, self.now, self.actor.id, kind, signal.status, content=content)
        )
