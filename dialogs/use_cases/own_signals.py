"""What a reporter does with own signals: see them, read the feedback, answer, add, confirm, rate, wish to withdraw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.domain.access import Actor, NotAllowed, Right
from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import CaseFile, Question, case_file
from dialogs.domain.events import NEWS, UNREACHABLE, EventKind, SignalEvent, is_seen_by_reporter, own_words
from dialogs.domain.free_text import accepted
from dialogs.domain.lifecycle import OPEN
from dialogs.domain.notices import Lane, Notice, NoticeKind
from dialogs.domain.recognition import Suggestion
from dialogs.domain.signals import Signal
from dialogs.domain.terms import planned
from dialogs.intake.flow import confirmed_in
from dialogs.intake.questions import NO, YES
from dialogs.knowledge import Knowledge
from dialogs.ports import AuditEntry, UnitOfWork
from dialogs.use_cases.questions import status_without_question
from dialogs.use_cases.reassess import Weighed, with_confirmed
from dialogs.use_cases.watch_desks import NO_HANDLER

#: How much can be added or answered at a time, and how long the reason of a wish may be, in characters.
MOST_ADDED, MOST_REASON = 4000, 500
_MOST_SHOWN = 10
#: Of so many questions a text can be the answer; an officer asks one at a time about a signal.
_MOST_ASKED = 4


class HasEnded(Exception):
    """The signal is closed or withdrawn: there is nothing left to withdraw."""


@dataclass(frozen=True, slots=True)
class OwnSignal:
    """A signal as its reporter may see it."""

    signal: Signal
    history: tuple[SignalEvent, ...]
    #: What an officer asked and the reporter has not answered.
    question: Question | None = None
    #: The number of the closing that the reporter has not rated; None if there is nothing to rate.
    to_rate: int | None = None
    may_be_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What the reporter wrote is stored; what was read in it is still to be confirmed."""

    own: OwnSignal
    #: The number of its event.
    number: int
    #: What was read in it and is not confirmed yet, each criterion once.
    suggestions: tuple[Suggestion, ...] = ()
    #: Words in it that sound like danger now.
    danger_quote: str | None = None
    #: It was meant as an answer, and the question was no longer open: it is an addition now.
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class OwnSignals:
    """The signals of one person, in one transaction."""

    uow: UnitOfWork
    actor: Actor
    knowledge: Knowledge
    now: datetime

    async def newest(self) -> Sequence[Signal]:
        """The newest ten, newest first."""
        self.actor.demand(Right.SEE_OWN_SIGNALS)
        return await self.uow.signals.of_reporter(self.actor.id, _MOST_SHOWN)

    async def asked(self) -> Sequence[Signal]:
        """Those with a question that is open, newest first."""
        self.actor.demand(Right.SEE_OWN_SIGNALS)
        return await self.uow.signals.asked(self.actor.id, _MOST_ASKED)

    async def look(self, signal_id: str) -> OwnSignal:
        """One of them with what its reporter may know. Raises NotAllowed, also for a signal that is not there."""
        case = await self._own(signal_id, Right.SEE_OWN_SIGNALS)
        closing = case.closing
        is_rateable = closing is not None and closing.content.get("text") != UNREACHABLE and not case.rating
        return OwnSignal(
            case.signal,
            tuple(event for event in case.history if is_seen_by_reporter(event)),
            question=case.question,
            to_rate=closing.number if closing is not None and is_rateable else None,
            may_be_withdrawn=case.is_open and not case.is_withdrawal_wished,
        )

    async def read(self, signal_id: str) -> OwnSignal:
        """Look, and add to the history that the feedback was read, once for each news. Raises NotAllowed."""
        case = await self._own(signal_id, Right.SEE_OWN_SIGNALS)
        told = case.of_kind(*NEWS, EventKind.FEEDBACK_READ)
        if told and told[-1].kind is not EventKind.FEEDBACK_READ:
            await self._append(case.signal, EventKind.FEEDBACK_READ, {})
        return await self.look(signal_id)

    async def add(self, signal_id: str, raw: str) -> Heard:
        """Add a text, in whatever status it is; the officers hear of it. The same text again is the same addition.

        The signal gets its next version, so that no officer decides on a card without it. Raises NotAllowed,
        TextRefused, Conflict (somebody changed the signal at this moment: try again).
        """
        case = await self._own(signal_id, Right.FOLLOW_UP_OWN_SIGNALS)
        text = accepted(raw, most=MOST_ADDED, required=True)
        return await self._write(case, case.signal, EventKind.ADDED, {"text": text}, NoticeKind.ADDITION)

    async def answer(self, signal_id: str, asked: str, raw: str) -> Heard:
        """Answer the question with this number; an answer that comes late is an addition.

        The officers hear of it, and where the question was all that was waited for, the signal goes on. The same
        answer again is the same one. Raises as `add`.
        """
        case = await self._own(signal_id, Right.FOLLOW_UP_OWN_SIGNALS)
        content = {"asked": asked, "text": accepted(raw, most=MOST_ADDED, required=True)}
        is_open = case.question is not None and str(case.question.number) == asked
        if not is_open and _same(case, EventKind.ANSWERED, content) is None:
            return replace(await self.add(signal_id, raw), is_late=True)
        changed = replace(case.signal, status=status_without_question(case))
        return await self._write(case, changed, EventKind.ANSWERED, content, NoticeKind.ANSWER)

    async def confirm(self, signal_id: str, number: str, ticked: Sequence[str], *, in_danger: bool) -> OwnSignal:
        """Confirm what was read in the words of this event; the signal is weighed again with it.

        Nothing is weighed that was not read, or that is confirmed already. If the decision changes, the officers hear
        it; of danger everybody on duty does, at once. Raises NotAllowed, Conflict.
        """
        case = await self._own(signal_id, Right.FOLLOW_UP_OWN_SIGNALS)
        if all(str(event.number) != number or not own_words(event) for event in case.history):
            raise NotAllowed(Right.FOLLOW_UP_OWN_SIGNALS)
        read = {suggestion.criterion for suggestion in case.signal.suggestions}
        confirmed = confirmed_in(self.knowledge.criteria, case.signal.answers)
        new = tuple(key for key in dict.fromkeys(ticked) if key in read and key not in confirmed)
        before, was_acute = Weighed.of(case.signal.assessment), case.signal.assessment.outcome is Outcome.ACUTE
        if new or (in_danger and not was_acute):
            changed = with_confirmed(case.signal, new, self.knowledge.criteria, in_danger=in_danger)
            after = Weighed.of(changed.assessment)
            content = {
                "criteria": ",".join(new),
                "danger": YES if in_danger else "",
                "before": before.outcome,
                "after": after.outcome,
            }
            event = await self._record(case, changed, EventKind.REASSESSED, content)
            if before.decision != after.decision:
                acute = after.outcome is Outcome.ACUTE and not was_acute
                await self._tell(changed, NoticeKind.ANSWER, event, is_alarm=acute)
        return await self.look(signal_id)

    async def unconfirmed(self, signal_id: str) -> Heard | None:
        """What the reporter wrote last in which something was read that is not confirmed. Raises NotAllowed."""
        case = await self._own(signal_id, Right.FOLLOW_UP_OWN_SIGNALS)
        written = case.of_kind(EventKind.ADDED, EventKind.ANSWERED)
        heard = await self._heard(case, written[-1]) if written else None
        return heard if heard is not None and heard.suggestions else None

    async def rate(self, signal_id: str, closing: str, useful: str) -> OwnSignal:
        """Say whether the feedback of this closing was useful, once; of a "no" the officers hear. Raises NotAllowed."""
        own = await self.look(signal_id)
        if useful in {YES, NO} and str(own.to_rate) == closing:
            event = await self._append(own.signal, EventKind.RATED, {"useful": useful})
            if useful == NO:
                await self._tell(own.signal, NoticeKind.ANSWER, event)
        return await self.look(signal_id)

    async def wish_to_withdraw(self, signal_id: str, raw_reason: str) -> OwnSignal:
        """Ask the owner to withdraw it, once. Raises NotAllowed, HasEnded, TextRefused, Conflict as `add`."""
        case = await self._own(signal_id, Right.FOLLOW_UP_OWN_SIGNALS)
        if case.signal.status not in OPEN:
            raise HasEnded(case.signal.reference)
        reason = accepted(raw_reason, most=MOST_REASON)
        if not case.is_withdrawal_wished:
            event = await self._record(case, case.signal, EventKind.WITHDRAWAL_WISHED, {"text": reason})
            await self._tell(case.signal, NoticeKind.WITHDRAWAL_WISH, event)
        return await self.look(signal_id)

    async def _own(self, signal_id: str, right: Right) -> CaseFile:
        self.actor.demand(right)
        signal = await self.uow.signals.get(signal_id)
        if signal is None or signal.reporter != self.actor.id:
            raise NotAllowed(right)
        return case_file(signal, await self.uow.signals.history(signal_id))

    async def _write(
        self, case: CaseFile, changed: Signal, kind: EventKind, content: Mapping[str, str], notice: NoticeKind
    ) -> Heard:
        """Store what the reporter wrote, with what is read in it; only once."""
        event = _same(case, kind, content)
        if event is None:
            read = self._read(case, content["text"])
            changed = replace(changed, suggestions=(*changed.suggestions, *read))
            event = await self._record(case, changed, kind, content)
            await self._tell(changed, notice, event)
        return await self._heard(case, event)

    async def _heard(self, case: CaseFile, event: SignalEvent) -> Heard:
        text = event.content["text"]
        reading = self.knowledge.suggester.read(text)
        danger_quote = reading.danger_quote if reading.danger else None
        return Heard(await self.look(case.signal.id), event.number, self._read(case, text), danger_quote)

    def _read(self, case: CaseFile, text: str) -> tuple[Suggestion, ...]:
        """What is read in a text and not confirmed yet, each criterion once."""
        criteria = self.knowledge.criteria
        settled = {*confirmed_in(criteria, case.signal.answers)}
        read: dict[str, Suggestion] = {}
        for suggestion in self.knowledge.suggester.read(text).suggestions:
            if suggestion.criterion in criteria and suggestion.criterion not in settled:
                read.setdefault(suggestion.criterion, suggestion)
        return tuple(read.values())

    async def _record(
        self, case: CaseFile, changed: Signal, kind: EventKind, content: Mapping[str, str]
    ) -> SignalEvent:
        """Store the next version of the signal with its event and its plan. Raises Conflict."""
        number = len(case.history) + 1
        event = SignalEvent(changed.id, self.now, self.actor.id, kind, changed.status, number, content)
        after = case.with_event(event, replace(changed, changed_at=self.now))
        await self.uow.signals.save(planned(after, self.knowledge.terms))
        return await self._append(changed, kind, content)

    async def _tell(self, signal: Signal, kind: NoticeKind, event: SignalEvent, *, is_alarm: bool = False) -> None:
        """The owner, else everybody on duty; in danger both, without waiting for other messages.

        Where nobody may handle it, the administrators hear of danger that it waits.
        """
        staff, absent = self.knowledge.staff, await self.uow.desks.absent(self.now)
        number, lane = str(event.number), Lane.ALARM if is_alarm else Lane.ORDINARY
        also = staff.on_duty(signal.excluded, absent) if is_alarm else ()
        for person in dict.fromkeys((*signal.listeners(staff, absent), *also)):
            notice_id = ".".join((signal.id, kind, person, number))
            await self.uow.outbox.put(Notice(notice_id, kind, person, signal.id, self.now, {"event": number}, lane))
        if is_alarm and not staff.handlers(signal.excluded):
            detail = {"watch": NO_HANDLER, "about": "danger", "step": number}
            for person in staff.wardens(signal.excluded):
                notice_id = ".".join((signal.id, NoticeKind.TERM_PASSED, person, *detail.values()))
                await self.uow.outbox.put(
                    Notice(notice_id, NoticeKind.TERM_PASSED, person, signal.id, self.now, detail, lane)
                )

    async def _append(self, signal: Signal, kind: EventKind, content: Mapping[str, str]) -> SignalEvent:
        await self.uow.audit.append(AuditEntry(self.now, self.actor.id, f"signal_{kind}", signal.id))
        return await self.uow.signals.append(
            SignalEvent(signal.id, self.now, self.actor.id, kind, signal.status, content=content)
        )


def _same(case: CaseFile, kind: EventKind, content: Mapping[str, str]) -> SignalEvent | None:
    """The event in which the reporter wrote this already."""
    return next((event for event in case.of_kind(kind) if event.content == content), None)
