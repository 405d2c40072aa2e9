"""Who has a signal: taking it up, offering it to a colleague, taking it over."""

from dataclasses import dataclass, replace

from dialogs.domain.access import NotAllowed, Right
from dialogs.domain.case_file import CaseFile, Offer
from dialogs.domain.events import EventKind
from dialogs.domain.free_text import accepted
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import NoticeKind
from dialogs.use_cases.case_work import CaseWork, OutOfDate

#: How long the reason of an offer or of taking over may be, in characters.
MOST_REASON = 500


class AlreadyTakenUp(Exception):
    """Somebody else was first; `case` is as it is now."""

    def __init__(self, case: CaseFile) -> None:
        super().__init__(case.signal.reference)
        self.case = case


class NoSuchColleague(Exception):
    """It cannot be offered to this person: nobody, oneself, or somebody who may not handle it."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """The acts by which a signal gets an owner, or another one."""

    work: CaseWork

    async def take_up(self, signal_id: str) -> CaseFile:
        """Become its owner, as the first; the reporter hears it. Raises NotAllowed, AlreadyTakenUp."""
        work = self.work
        case = await work.case(signal_id)
        if not case.is_unclaimed:
            if case.signal.owner == work.actor.id:
                return case
            raise AlreadyTakenUp(case)
        taken = replace(case.signal.moved_to(SignalStatus.TAKEN_UP, now=work.now), owner=work.actor.id)
        try:
            return await work.record(case, taken, EventKind.TAKEN_UP)
        except OutOfDate as late:
            raise AlreadyTakenUp(late.case) from late

    async def offer(self, signal_id: str, version: int, to: str, raw_reason: str) -> CaseFile:
        """Offer it to a colleague, who accepts or declines; until then it stays with its owner.

        Raises NotAllowed (not the owner), OutOfDate, NoSuchColleague, TextRefused (a reason is needed).
        """
        work = self.work
        case = await work.own(signal_id, version)
        if to == work.actor.id or not case.signal.may_be_handled_by(to, work.knowledge.staff):
            raise NoSuchColleague(to)
        reason = accepted(raw_reason, most=MOST_REASON, required=True)
        offered = await work.record(case, case.signal, EventKind.OFFERED, {"to": to, "reason": reason})
        await self._tell(NoticeKind.OFFER, offered, to)
        return offered

    async def accept(self, signal_id: str) -> CaseFile:
        """Become the owner of what was offered to oneself. Raises NotAllowed, OutOfDate (no longer offered)."""
        case, offer = await self._offered(signal_id)
        if offer.to != self.work.actor.id:
            raise OutOfDate(case)
        accepted_case = await self.work.record(case, replace(case.signal, owner=self.work.actor.id), EventKind.ACCEPTED)
        await self._tell(NoticeKind.OFFER_ANSWERED, accepted_case, offer.by)
        return accepted_case

    async def decline(self, signal_id: str) -> CaseFile:
        """Leave it with its owner: said by whom it was offered to, or by who offered it. Raises as `accept`."""
        case, offer = await self._offered(signal_id)
        if self.work.actor.id not in {offer.to, offer.by}:
            raise OutOfDate(case)
        declined = await self.work.record(case, case.signal, EventKind.DECLINED, {"reason": ""})
        other = offer.by if self.work.actor.id == offer.to else offer.to
        await self._tell(NoticeKind.OFFER_ANSWERED, declined, other)
        return declined

    async def take_over(self, signal_id: str, version: int, raw_reason: str) -> CaseFile:
        """Become the owner in the place of a colleague, who hears it with the reason.

        Raises NotAllowed, OutOfDate (also when it is closed, unclaimed or one's own by now), TextRefused (a reason is
        needed).
        """
        work = self.work
        case = await work.case(signal_id)
        former = case.signal.owner
        if case.signal.version != version or not case.is_open or case.is_unclaimed or former in {None, work.actor.id}:
            raise OutOfDate(case)
        if case.signal.lead is not None:
            raise NotAllowed(Right.HANDLE_SIGNAL)
        reason = accepted(raw_reason, most=MOST_REASON, required=True)
        content = {"from": former or "", "reason": reason}
        taken = await work.record(case, replace(case.signal, owner=work.actor.id), EventKind.TAKEN_OVER, content)
        if former is not None and case.signal.may_be_handled_by(former, work.knowledge.staff):
            await self._tell(NoticeKind.TAKEN_OVER, taken, former)
        return taken

    async def _offered(self, signal_id: str) -> tuple[CaseFile, Offer]:
        case = await self.work.case(signal_id)
        if case.offer is None:
            raise OutOfDate(case)
        return case, case.offer

    async def _tell(self, kind: NoticeKind, case: CaseFile, person: str) -> None:
        await self.work.tell(kind, case.signal, person, event=str(case.history[-1].number))
