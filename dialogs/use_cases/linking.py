"""Linking signals into one case, and making one of them go by itself again."""

from dataclasses import dataclass, replace

from dialogs.domain.access import NotAllowed, Right
from dialogs.domain.case_file import CaseFile, case_file
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.linking import Obstacle, linked, obstacle
from dialogs.domain.signals import Signal
from dialogs.use_cases.case_work import CaseWork, OutOfDate, all_or_again


class CannotLink(Exception):
    """These two cannot be linked; `case` is the one on whose card it was asked. Nothing was changed."""

    def __init__(self, case: CaseFile, why: Obstacle | None) -> None:
        super().__init__(why or "not found")
        self.case = case
        #: None: there is no such signal, or this person may not know of it.
        self.why = why


@dataclass(frozen=True, slots=True)
class Linking:
    """The acts by which signals become one case."""

    work: CaseWork

    async def link(self, signal_id: str, version: int, reference: str, *, other_leads: bool = False) -> CaseFile:
        """Let the signal with this reference follow, or lead; its reporter hears it if nobody had taken it up.

        Raises NotAllowed (not the owner), OutOfDate, Follows, CannotLink; Conflict: to be done again.
        """
        own = await self.work.own(signal_id, version)
        other = await self._other(own, reference)
        lead, follower = (other, own) if other_leads else (own, other)
        followers = await self.work.uow.signals.followers(follower.signal.id)
        why = obstacle(lead, follower, leads_others=bool(followers))
        if why is None and lead.signal.owner != self.work.actor.id:
            why = Obstacle.OWNED
        if why is not None:
            raise CannotLink(own, why)
        with all_or_again():
            # Both get a next version, so that nobody ends the one while the other is put behind it.
            leading = await self._record(lead, lead.signal, follower.signal, lead.signal.id)
            if follower.is_unclaimed:
                taken = follower.signal.moved_to(SignalStatus.TAKEN_UP, now=self.work.now)
                taken = replace(taken, owner=lead.signal.owner)
                follower = await self.work.record(follower, taken, EventKind.TAKEN_UP)
            await self._record(follower, linked(lead.signal, follower.signal), lead.signal, lead.signal.id)
        return leading

    async def unlink(self, signal_id: str, version: int) -> CaseFile:
        """Let a follower go by itself again, with its owner and status. Raises NotAllowed, OutOfDate, Conflict."""
        case = await self.work.case(signal_id, also_follower=True)
        lead = await self.work.uow.signals.get(case.signal.lead) if case.signal.lead else None
        if case.signal.version != version or lead is None:
            raise OutOfDate(case)
        if self.work.actor.id not in {case.signal.owner, lead.owner}:
            raise NotAllowed(Right.HANDLE_SIGNAL)
        content = {"lead": lead.id, "reference": case.signal.reference}
        with all_or_again():
            await self.work.add(await self.work.seen(lead.id), EventKind.UNLINKED, content)
            free = replace(case.signal, lead=None)
            return await self.work.record(case, free, EventKind.UNLINKED, {**content, "reference": lead.reference})

    async def _other(self, own: CaseFile, reference: str) -> CaseFile:
        """The signal with this reference, as far as this person may know of it. Raises CannotLink."""
        signal = await self.work.uow.signals.by_reference(reference)
        if signal is None or not signal.may_be_handled_by(self.work.actor.id, self.work.knowledge.staff):
            raise CannotLink(own, None)
        return case_file(signal, await self.work.uow.signals.history(signal.id))

    async def _record(self, case: CaseFile, changed: Signal, other: Signal, lead: str) -> CaseFile:
        content = {"lead": lead, "reference": other.reference}
        return await self.work.record(case, changed, EventKind.LINKED, content)
