"""What happens to signals because time passes: each term that ran out is told to somebody, and written down.

Several replicas may do this at once: what is planned next is stored first, against the moment that was due, so each
due moment is acted upon once. Danger is told at any hour, all else while people are at work.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import CaseFile, case_file
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.notices import Lane, Notice, NoticeKind
from dialogs.domain.signals import Signal
from dialogs.domain.terms import Watch, WatchKind, planned, watches
from dialogs.domain.working_time import is_working_time, next_working_moment
from dialogs.knowledge import Knowledge
from dialogs.ports import UnitOfWork
from dialogs.use_cases.case_work import CaseWork
from dialogs.use_cases.questions import end_question
from dialogs.use_cases.watch import SYSTEM, SYSTEM_ACTOR
from dialogs.use_cases.watch_desks import NO_HANDLER

#: The recipient of mail to the municipality's functional mailbox, where others have an Entra object id.
MAILBOX = "mailbox"
#: From this time on that a partner stays silent, all officers hear it.
_PARTNER_TELLS_ALL = 3


async def watch_signals(uow: UnitOfWork, knowledge: Knowledge, now: datetime, limit: int) -> int:
    """Do what is due for signals, at most `limit` of them; how many were looked at."""
    due = await uow.queue.due(now, limit)
    if due:
        watcher = SignalWatcher(uow, knowledge, now, await uow.desks.absent(now))
        for signal_id in due:
            await watcher.look(signal_id)
    return len(due)


async def watch_signal(uow: UnitOfWork, signal_id: str, knowledge: Knowledge, now: datetime) -> int:
    """Do what is due for this signal; 1, as it was looked at."""
    await SignalWatcher(uow, knowledge, now, await uow.desks.absent(now)).look(signal_id)
    return 1


@dataclass(frozen=True, slots=True)
class SignalWatcher:
    """Looks at signals at one moment, in one transaction."""

    uow: UnitOfWork
    knowledge: Knowledge
    now: datetime
    #: Who is away.
    absent: Collection[str]

    async def look(self, signal_id: str) -> None:
        """Do what is due for this signal. Nothing, if another replica does it or an officer changes it right now."""
        signal = await self.uow.signals.get(signal_id)
        if signal is None:
            return
        case = case_file(signal, await self.uow.signals.history(signal_id))
        due = [watch for watch in watches(case, self.knowledge.terms) if self._is_due(watch, case)]
        told = {watch: self._whom_to_tell(watch, case) for watch in due}
        after = case
        for watch in due:
            after = after.with_event(self._ran_out(watch, after, told[watch]))
        after = CaseFile(self._planned(after), after.history)
        if not await self.uow.signals.plan(after.signal, signal.due_at):
            return
        for event in after.history[len(case.history) :]:
            await self.work.add(CaseFile(after.signal, ()), event.kind, event.content)
        for watch in due:
            await self._tell(watch, after, told[watch])
            after = await self._act(watch, after)

    @property
    def work(self) -> CaseWork:
        """Work on a case in the name of nobody."""
        return CaseWork(self.uow, SYSTEM_ACTOR, self.knowledge, self.now)

    def _is_due(self, watch: Watch, case: CaseFile) -> bool:
        return watch.due_at <= self.now and (is_alarm(watch, case) or is_working_time(self.now))

    def _planned(self, case: CaseFile) -> Signal:
        """What is due next; what ran out outside working time comes when people are back."""
        signal = planned(case, self.knowledge.terms)
        running = watches(case, self.knowledge.terms)
        at_work = next_working_moment(self.now)
        due = [watch.due_at if is_alarm(watch, case) else max(watch.due_at, at_work) for watch in running]
        return replace(signal, due_at=min(due, default=None))

    def _ran_out(self, watch: Watch, case: CaseFile, told: Sequence[str]) -> SignalEvent:
        content = {"watch": watch.kind, "about": watch.about, "step": str(watch.step), "told": ",".join(told)}
        signal, number = case.signal, len(case.history) + 1
        return SignalEvent(signal.id, self.now, SYSTEM, EventKind.ESCALATED, signal.status, number, content)

    def _whom_to_tell(self, watch: Watch, case: CaseFile) -> tuple[str, ...]:
        """Officers, the reporter of a question that waits, and the mailbox when officers do not react.

        The administrators for a signal that nobody may handle, as they can name somebody.
        """
        staff, signal = self.knowledge.staff, case.signal
        everybody = staff.handlers(signal.excluded) or staff.wardens(signal.excluded)
        match watch.kind:
            case WatchKind.UNCLAIMED:
                on_duty = staff.on_duty(signal.excluded, self.absent)
                nobody_at_work = all(person in self.absent for person in on_duty)
                if is_alarm(watch, case) or watch.step > 1 or nobody_at_work:
                    return (*everybody, MAILBOX) if self.knowledge.has_mailbox else everybody
                return on_duty
            case WatchKind.QUESTION if watch.step == 1:
                return (signal.reporter,)
            case WatchKind.OFFER if case.offer is not None:
                return tuple(dict.fromkeys((case.offer.to, case.offer.by)))
            case WatchKind.PARTNER if watch.step >= _PARTNER_TELLS_ALL:
                return everybody
            case WatchKind.FEEDBACK if self._has_no_handler(case) and case.is_unclaimed:
                return ()  # The administrators hear at the same moments that nobody took it up.
            case _:
                return signal.listeners(staff, self.absent) or everybody

    async def _tell(self, watch: Watch, case: CaseFile, told: Sequence[str]) -> None:
        lane = Lane.ALARM if is_alarm(watch, case) else Lane.ORDINARY
        detail = {"watch": watch.kind, "about": watch.about, "step": str(watch.step)}
        for person in told:
            kind = NoticeKind.FALLBACK_MAIL if person == MAILBOX else NoticeKind.TERM_PASSED
            if watch.kind is WatchKind.QUESTION and watch.step == 1:
                kind, detail = NoticeKind.QUESTION_REMINDER, {"event": watch.about}
            notice_id = ".".join((case.signal.id, kind, person, *detail.values()))
            await self.uow.outbox.put(Notice(notice_id, kind, person, case.signal.id, self.now, detail, lane))

    def _has_no_handler(self, case: CaseFile) -> bool:
        return not self.knowledge.staff.handlers(case.signal.excluded)

    async def _act(self, watch: Watch, case: CaseFile) -> CaseFile:
        """What ends by itself, ends; the reporter hears that it is still being worked on, or that nobody may."""
        signal = case.signal
        match watch.kind:
            case WatchKind.QUESTION if watch.step > 1:
                return await end_question(self.work, case)
            case WatchKind.OFFER if watch.step > 1 and case.offer is not None:
                declined = await self.work.record(case, signal, EventKind.DECLINED, {"reason": ""})
                number = str(declined.history[-1].number)
                await self.work.tell(NoticeKind.OFFER_ANSWERED, signal, case.offer.by, event=number)
                return declined
            case WatchKind.FEEDBACK:
                text = NO_HANDLER if self._has_no_handler(case) else "in_progress"
                content = {"text": text, "feedback": "", "how": "push"}
                return await self.work.record(case, signal, EventKind.FED_BACK, content)
            case _:
                return case


def is_alarm(watch: Watch, case: CaseFile) -> bool:
    """Whether this wait runs on the real clock: somebody may be in danger now."""
    return watch.kind is WatchKind.UNCLAIMED and case.signal.assessment.outcome is Outcome.ACUTE
