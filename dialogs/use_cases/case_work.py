"""What all work on a case has in common: who may, on which version, and one transaction for all that follows.

A change is stored with its event, what it plans, the reporter's notice, the colleagues' cards and the audit line, or
not at all; the caller commits. The modules beside this one are the acts: ownership, enrichment, questions, referrals,
feedback.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.domain.access import Actor, NotAllowed, Right
from dialogs.domain.addresses import CardSubject
from dialogs.domain.case_file import CaseFile, case_file
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.linking import followed
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.signals import Signal
from dialogs.domain.terms import planned
from dialogs.knowledge import Knowledge
from dialogs.ports import AuditEntry, Conflict, UnitOfWork
from dialogs.use_cases.case_view import CaseView, view_of


class OutOfDate(Exception):
    """The card shows an older state of the case; `case` is as it is now. Nothing was changed."""

    def __init__(self, case: CaseFile) -> None:
        super().__init__(case.signal.reference)
        self.case = case


class Follows(Exception):
    """The signal follows another one, where the work on it is done; `case` is the one that follows."""

    def __init__(self, case: CaseFile) -> None:
        super().__init__(case.signal.reference)
        self.case = case


@contextmanager
def all_or_again() -> Generator[None]:
    """Around changes of several signals: if one of them was changed first, Conflict; then all is to be done again."""
    try:
        yield
    except OutOfDate as late:
        raise Conflict(f"signal {late.case.signal.id} was changed first") from late


@dataclass(frozen=True, slots=True)
class CaseWork:
    """A person who handles signals, in one transaction."""

    uow: UnitOfWork
    actor: Actor
    knowledge: Knowledge
    now: datetime

    async def open(self, signal_id: str) -> CaseFile:
        """The case, its view written in the audit log. Raises NotAllowed, also for a signal that is not there."""
        case = await self.seen(signal_id)
        await self.audit("opened", case.signal)
        return case

    async def seen(self, signal_id: str) -> CaseFile:
        """The case as it is now, to look at, also one that follows. Raises NotAllowed."""
        return await self._case(signal_id, Right.SEE_CONTENT)

    async def case(self, signal_id: str, *, also_follower: bool = False) -> CaseFile:
        """The case as it is now, to work on. Raises NotAllowed, Follows (for a signal that follows another one)."""
        case = await self._case(signal_id, Right.HANDLE_SIGNAL)
        if case.signal.lead is not None and not also_follower:
            raise Follows(case)
        return case

    async def view(self, case: CaseFile) -> CaseView:
        """The case with what stands beside it, as this person may see it."""
        handlers = self.knowledge.staff.handlers(case.signal.excluded)
        return await view_of(self.uow, case, self.actor.id, handlers)

    async def own(self, signal_id: str, version: int, *, also_follower: bool = False) -> CaseFile:
        """The case if this person owns it and the card is up to date. Raises NotAllowed, OutOfDate, Follows."""
        case = await self.case(signal_id, also_follower=also_follower)
        if case.signal.version != version:
            raise OutOfDate(case)
        if case.signal.owner != self.actor.id:
            raise NotAllowed(Right.HANDLE_SIGNAL)
        return case

    async def record(
        self,
        case: CaseFile,
        changed: Signal,
        kind: EventKind,
        content: Mapping[str, str] | None = None,
        *,
        why: str = "",
    ) -> CaseFile:
        """Store the change and all that follows of it, for this signal and for those that follow it.

        `why` goes into the audit log: keys, never content. Raises OutOfDate if somebody else stored a newer version
        first, and Conflict if that happened to a signal that follows: then all is to be done again.
        """
        try:
            after = await self._record_one(case, changed, kind, content or {}, why)
        except Conflict as conflict:
            raise OutOfDate(await self.seen(changed.id)) from conflict
        for follower in await self.uow.signals.followers(changed.id):
            own = case_file(follower, await self.uow.signals.history(follower.id))
            if (same := followed(own, after)) is not None:
                await self._record_one(own, same.changed, same.kind, same.content, why)
        return after

    async def add(self, case: CaseFile, kind: EventKind, content: Mapping[str, str], *, why: str = "") -> CaseFile:
        """Append to the history without a new version: whoever has a card open can go on with it."""
        return case.with_event(await self._append(case.signal, kind, content, why))

    async def add_once(self, case: CaseFile, kind: EventKind, content: Mapping[str, str], *, why: str = "") -> CaseFile:
        """As `add`, but the same as this person's newest of this kind is the same one: pressed twice, done once."""
        own = (event for event in reversed(case.of_kind(kind)) if event.actor == self.actor.id)
        newest = next(own, None)
        return (
            case if newest and dict(newest.content) == dict(content) else await self.add(case, kind, content, why=why)
        )

    async def tell(self, kind: NoticeKind, signal: Signal, recipient: str, **detail: str) -> None:
        """Put a notice in the outbox; its id follows from what it tells, so that it is there once."""
        notice_id = ".".join((signal.id, kind, recipient, *detail.values()))
        await self.uow.outbox.put(Notice(notice_id, kind, recipient, signal.id, self.now, detail))

    async def audit(self, done: str, signal: Signal, reason: str = "") -> None:
        """Write a line in the audit log: never content."""
        await self.uow.audit.append(AuditEntry(self.now, self.actor.id, f"signal_{done}", signal.id, reason))

    async def _case(self, signal_id: str, right: Right) -> CaseFile:
        self.actor.demand(right)
        signal = await self.uow.signals.get(signal_id)
        if signal is None or not signal.may_be_handled_by(self.actor.id, self.knowledge.staff):
            raise NotAllowed(right)
        return case_file(signal, await self.uow.signals.history(signal_id))

    async def _record_one(
        self, case: CaseFile, changed: Signal, kind: EventKind, content: Mapping[str, str], why: str
    ) -> CaseFile:
        # The event is needed for the plan before it can be stored: first the version decides who was first.
        event = SignalEvent(
            changed.id, self.now, self.actor.id, kind, changed.status, len(case.history) + 1, dict(content)
        )
        after = case.with_event(event, replace(changed, changed_at=self.now))
        stored = await self.uow.signals.save(planned(after, self.knowledge.terms))
        appended = await self._append(stored, kind, content, why)
        if appended.is_pushed and stored.reporter != self.actor.id:
            await self.tell(NoticeKind.STATUS_FOR_REPORTER, stored, stored.reporter, event=str(appended.number))
        await self._tell_colleagues(stored, appended)
        return case.with_event(appended, stored)

    async def _append(self, signal: Signal, kind: EventKind, content: Mapping[str, str], why: str) -> SignalEvent:
        await self.audit(kind, signal, why)
        return await self.uow.signals.append(
            SignalEvent(signal.id, self.now, self.actor.id, kind, signal.status, content=dict(content))
        )

    async def _tell_colleagues(self, signal: Signal, event: SignalEvent) -> None:
        """The cards on which colleagues see this signal follow; the actor's own is the answer to the press.

        That a term ran out changes no status and is told apart: it folds no case that somebody is reading.
        """
        if event.kind is EventKind.ESCALATED:
            return
        for card in await self.uow.cards.of(signal.id, CardSubject.SIGNAL_FOR_OFFICER):
            if card.person != self.actor.id:
                await self.tell(
                    NoticeKind.OFFICER_CARD, signal, card.person, event=str(event.number), card=card.message_id
                )
