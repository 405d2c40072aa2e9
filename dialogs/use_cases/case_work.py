"""What all work on a case has in common: who may, on which version, and one transaction for all that follows.

A change is stored with its event, what it plans, the reporter's notice, the colleagues' cards and the audit line, or
not at all; the caller commits. The modules beside this one are the acts: ownership, enrichment, questions, referrals,
feedback.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.domain.access import Actor, NotAllowed, Right
from dialogs.domain.addresses import CardSubject
from dialogs.domain.case_file import CaseFile, case_file
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.signals import Signal
from dialogs.domain.terms import planned
from dialogs.knowledge import Knowledge
from dialogs.ports import AuditEntry, Conflict, UnitOfWork
from dialogs.use_cases.case_view import CaseView, view_of

#: What happens to the signals that follow as well: who has it, where it went, what the reporter hears.
_FOLLOWED = frozenset(
    {
        EventKind.TAKEN_UP,
        EventKind.ACCEPTED,
        EventKind.TAKEN_OVER,
        EventKind.CONSULTED,
        EventKind.HANDED_OVER,
        EventKind.FED_BACK,
        EventKind.CLOSED,
        EventKind.REOPENED,
    }
)


class OutOfDate(Exception):
    """The card shows an older state of the case; `case` is as it is now. Nothing was changed."""

    def __init__(self, case: CaseFile) -> None:
        super().__init__(case.signal.reference)
        self.case = case


@dataclass(frozen=True, slots=True)
class CaseWork:
    """A person who handles signals, in one transaction."""

    uow: UnitOfWork
    actor: Actor
    knowledge: Knowledge
    now: datetime

    async def open(self, signal_id: str) -> CaseFile:
        """The case, its view written in the audit log. Raises NotAllowed, also for a signal that is not there."""
        case = await self.case(signal_id, Right.SEE_CONTENT)
        await self.audit("opened", case.signal)
        return case

    async def case(self, signal_id: str, right: Right = Right.HANDLE_SIGNAL) -> CaseFile:
        """The case as it is now, for who may handle it. Raises NotAllowed."""
        self.actor.demand(right)
        signal = await self.uow.signals.get(signal_id)
        if signal is None or not signal.may_be_handled_by(self.actor.id, self.knowledge.staff):
            raise NotAllowed(right)
        return case_file(signal, await self.uow.signals.history(signal_id))

    async def view(self, case: CaseFile) -> CaseView:
        """The case with what stands beside it, as this person may see it."""
        return await view_of(self.uow, case, self.actor.id)

    async def own(self, signal_id: str, version: int) -> CaseFile:
        """The case if this person owns it and the card is up to date. Raises NotAllowed, OutOfDate."""
        case = await self.case(signal_id)
        if case.signal.version != version:
            raise OutOfDate(case)
        if case.signal.owner != self.actor.id:
            raise NotAllowed(Right.HANDLE_SIGNAL)
        return case

    async def record(
        self, case: CaseFile, changed: Signal, kind: EventKind, content: Mapping[str, str] | None = None
    ) -> CaseFile:
        """Store the change and all that follows of it, for this signal and for those that follow it.

        Raises OutOfDate if somebody else stored a newer version first.
        """
        after = await self._record_one(case, changed, kind, content or {})
        if kind in _FOLLOWED:
            for follower in await self.uow.signals.followers(changed.id):
                own = case_file(follower, await self.uow.signals.history(follower.id))
                same = replace(follower, status=after.signal.status, owner=after.signal.owner)
                await self._record_one(own, same, kind, {**(content or {}), "lead": changed.reference})
        return after

    async def add(self, case: CaseFile, kind: EventKind, content: Mapping[str, str]) -> CaseFile:
        """Append to the history without a new version: whoever has a card open can go on with it."""
        event = await self._append(case.signal, kind, content)
        await self._tell_colleagues(case.signal, event)
        return case.with_event(event)

    async def tell(self, kind: NoticeKind, signal: Signal, recipient: str, **detail: str) -> None:
        """Put a notice in the outbox; its id follows from what it tells, so that it is there once."""
        notice_id = ".".join((signal.id, kind, recipient, *detail.values()))
        await self.uow.outbox.put(Notice(notice_id, kind, recipient, signal.id, self.now, detail))

    async def audit(self, done: str, signal: Signal, reason: str = "") -> None:
        """Write a line in the audit log: never content."""
        await self.uow.audit.append(AuditEntry(self.now, self.actor.id, f"signal_{done}", signal.id, reason))

    async def _record_one(
        self, case: CaseFile, changed: Signal, kind: EventKind, content: Mapping[str, str]
    ) -> CaseFile:
        # The event is needed for the plan before it can be stored: first the version decides who was first.
        event = SignalEvent(
            changed.id, self.now, self.actor.id, kind, changed.status, len(case.history) + 1, dict(content)
        )
        after = case.with_event(event, replace(changed, changed_at=self.now))
        try:
            stored = await self.uow.signals.save(planned(after, self.knowledge.terms))
        except Conflict as conflict:
            raise OutOfDate(await self.case(changed.id)) from conflict
        appended = await self._append(stored, kind, content)
        if appended.is_pushed and stored.reporter != self.actor.id:
            await self.tell(NoticeKind.STATUS_FOR_REPORTER, stored, stored.reporter, event=str(appended.number))
        await self._tell_colleagues(stored, appended)
        return case.with_event(appended, stored)

    async def _append(self, signal: Signal, kind: EventKind, content: Mapping[str, str]) -> SignalEvent:
        await self.audit(kind, signal)
        return await self.uow.signals.append(
            SignalEvent(signal.id, self.now, self.actor.id, kind, signal.status, content=dict(content))
        )

    async def _tell_colleagues(self, signal: Signal, event: SignalEvent) -> None:
        """The cards on which colleagues see this signal follow; the actor's own is the answer to the press."""
        for card in await self.uow.cards.of(signal.id, CardSubject.SIGNAL_FOR_OFFICER):
            if card.person != self.actor.id:
                await self.tell(
                    NoticeKind.OFFICER_CARD, signal, card.person, event=str(event.number), card=card.message_id
                )
