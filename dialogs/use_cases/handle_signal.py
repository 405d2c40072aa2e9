"""What a handler does with a signal: open it, take it up, hand it over, decide on a wish to withdraw, close it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.domain.access import Actor, NotAllowed, Right
from dialogs.domain.addresses import CardSubject
from dialogs.domain.events import EventKind, SignalEvent, is_withdrawal_wished
from dialogs.domain.lifecycle import UNCLAIMED, SignalStatus
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.ports import AuditEntry, Conflict, UnitOfWork


class AlreadyTakenUp(Exception):
    """Somebody else was first; `signal` is as it is now."""

    def __init__(self, signal: Signal) -> None:
        super().__init__(signal.reference)
        self.signal = signal


class OutOfDate(Exception):
    """The card shows an older state of the signal; `signal` is as it is now."""

    def __init__(self, signal: Signal) -> None:
        super().__init__(signal.reference)
        self.signal = signal


class FeedbackMissing(Exception):
    """A signal cannot be closed without feedback for the reporter (policy annex 3, step 5)."""


@dataclass(frozen=True, slots=True)
class Handler:
    """A person with the right to handle signals, in one transaction."""

    uow: UnitOfWork
    actor: Actor
    knowledge: Knowledge
    now: datetime

    async def open(self, signal_id: str) -> Signal:
        """The signal, its view written in the audit log. Raises NotAllowed, also for a signal that is not there."""
        signal = await self._signal(signal_id, Right.SEE_CONTENT)
        await self._audit("signal_opened", signal)
        return signal

    async def take_up(self, signal_id: str) -> Signal:
        """Become its owner, as the first; the reporter hears it. Raises NotAllowed, AlreadyTakenUp."""
        signal = await self._signal(signal_id, Right.HANDLE_SIGNAL)
        if signal.owner == self.actor.id:
            return signal
        if signal.status not in UNCLAIMED:
            raise AlreadyTakenUp(signal)
        taken = replace(signal.moved_to(SignalStatus.TAKEN_UP, now=self.now), owner=self.actor.id)
        return await self._store(taken, EventKind.TAKEN_UP, {})

    async def hand_over(self, signal_id: str, version: int, partner: str, note: str, line: str) -> Signal:
        """Record that a partner has it now, what was agreed (`note`, for officers) and a line for the reporter.

        Raises NotAllowed (not the owner), OutOfDate, TransitionNotAllowed, KeyError (no such partner).
        """
        self.knowledge.directory[partner]
        signal = await self.own(signal_id, version)
        content = {"partner": partner, "note": note, "feedback": line}
        return await self._store(
            signal.moved_to(SignalStatus.HANDED_OVER, now=self.now), EventKind.HANDED_OVER, content
        )

    async def close(self, signal_id: str, version: int, feedback: str, line: str) -> Signal:
        """Close it with feedback: the key of a reviewed text, and a line of the officer's own.

        Raises NotAllowed (not the owner), OutOfDate, TransitionNotAllowed, FeedbackMissing.
        """
        if f"feedback.closed.{feedback}" not in set(self.knowledge.texts):
            raise FeedbackMissing
        signal = await self.own(signal_id, version)
        content = {"text": feedback, "feedback": line}
        return await self._store(signal.moved_to(SignalStatus.CLOSED, now=self.now), EventKind.CLOSED, content)

    async def withdraw(self, signal_id: str, version: int) -> Signal:
        """Agree to the reporter's wish to withdraw it. Raises NotAllowed (not the owner), OutOfDate (no wish)."""
        signal = await self._wished(signal_id, version)
        return await self._store(signal.moved_to(SignalStatus.WITHDRAWN, now=self.now), EventKind.WITHDRAWN, {})

    async def go_on(self, signal_id: str, version: int) -> Signal:
        """Go on with it against the reporter's wish. Raises NotAllowed (not the owner), OutOfDate (no wish)."""
        signal = await self._wished(signal_id, version)
        return await self._store(replace(signal, changed_at=self.now), EventKind.WITHDRAWAL_DECLINED, {})

    async def _wished(self, signal_id: str, version: int) -> Signal:
        signal = await self.own(signal_id, version)
        if not is_withdrawal_wished(await self.uow.signals.history(signal_id)):
            raise OutOfDate(signal)
        return signal

    async def _signal(self, signal_id: str, right: Right) -> Signal:
        self.actor.demand(right)
        signal = await self.uow.signals.get(signal_id)
        if signal is None or not signal.may_be_handled_by(self.actor.id, self.knowledge.staff):
            raise NotAllowed(right)
        return signal

    async def own(self, signal_id: str, version: int) -> Signal:
        """The signal if this person owns it and the card is up to date. Raises NotAllowed, OutOfDate."""
        signal = await self._signal(signal_id, Right.HANDLE_SIGNAL)
        if signal.version != version:
            raise OutOfDate(signal)
        if signal.owner != self.actor.id:
            raise NotAllowed(Right.HANDLE_SIGNAL)
        return signal

    async def _store(self, signal: Signal, kind: EventKind, content: Mapping[str, str]) -> Signal:
        """The change, its event, the reporter's notice, the other officers' cards and the audit line, in one."""
        try:
            stored = await self.uow.signals.save(signal)
        except Conflict as conflict:
            current = await self.uow.signals.get(signal.id)
            if current is None:
                raise
            error = AlreadyTakenUp if kind is EventKind.TAKEN_UP else OutOfDate
            raise error(current) from conflict
        event = await self.uow.signals.append(
            SignalEvent(stored.id, self.now, self.actor.id, kind, stored.status, content=content)
        )
        number = str(event.number)
        if stored.reporter != self.actor.id:
            await self._notify(NoticeKind.STATUS_FOR_REPORTER, stored, stored.reporter, event=number)
        for card in await self.uow.cards.of(stored.id, CardSubject.SIGNAL_FOR_OFFICER):
            if card.person != self.actor.id:
                await self._notify(NoticeKind.OFFICER_CARD, stored, card.person, event=number, card=card.message_id)
        await self._audit(f"signal_{kind}", stored)
        return stored

    async def _notify(self, kind: NoticeKind, signal: Signal, recipient: str, **detail: str) -> None:
        notice_id = ".".join((signal.id, kind, recipient, *detail.values()))
        await self.uow.outbox.put(Notice(notice_id, kind, recipient, signal.id, self.now, detail))

    async def _audit(self, action: str, signal: Signal) -> None:
        await self.uow.audit.append(AuditEntry(self.now, self.actor.id, action, signal.id))
