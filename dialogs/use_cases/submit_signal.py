"""Sending a draft: the signal, its notices and the end of the draft, together or not at all."""

from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.access import Actor, Right
from dialogs.domain.addresses import CardSubject
from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import case_file
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.notices import Lane, Notice, NoticeKind
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.signals import OWN_REPORT, Answers, Draft, Signal
from dialogs.domain.terms import planned
from dialogs.intake.dialog import Intake
from dialogs.intake.flow import Flow, kept_from
from dialogs.intake.questions import SKIPPED, Kind
from dialogs.knowledge import Knowledge
from dialogs.ports import AuditEntry, UnitOfWork


@dataclass(frozen=True, slots=True)
class Submitted:
    """A signal that is stored."""

    signal: Signal
    #: False: it was there already; the same draft was sent before.
    is_new: bool


async def submit_signal(
    uow: UnitOfWork, draft: Draft, actor: Actor, name: str, knowledge: Knowledge, now: datetime
) -> Submitted:
    """Turn a draft into a signal; sending it again gives the same signal.

    The draft's id becomes the signal's id, so that a double press, a redelivery and a crash after the commit all end
    in one signal. Where nobody is left who may see it, it waits, and `watch_unhandled` tells the administrators.
    """
    actor.demand(Right.REPORT if draft.origin == OWN_REPORT else Right.REPORT_FOR_OTHERS)
    if (earlier := await uow.signals.get(draft.id)) is not None:
        return Submitted(earlier, is_new=False)
    flow = Intake(draft, knowledge).flow
    answers = flow.answers_that_count()
    excluded = kept_from(answers, knowledge.staff)
    new = Signal(
        id=draft.id,
        reference=await uow.signals.next_reference(now.astimezone(AMSTERDAM).year),
        reporter=actor.id,
        reporter_name=name,
        received_at=now,
        answers=answers,
        suggestions=draft.suggestions,
        assessment=flow.assessment,
        excluded=excluded,
        changed_at=now,
        origin=draft.origin,
    )
    received = _as_received(draft, flow, answers)
    event = SignalEvent(new.id, now, actor.id, EventKind.RECEIVED, new.status, number=1, content=received)
    signal = await uow.signals.add(planned(case_file(new, (event,)), knowledge.terms))
    await uow.signals.append(event)
    await uow.outbox.put(_notice(signal, NoticeKind.RECEIPT, actor.id, now))
    for person in signal.listeners(knowledge.staff, await uow.desks.absent(now)):
        await uow.outbox.put(_notice(signal, NoticeKind.SIGNAL_FOR_OFFICER, person, now))
    for card in await uow.cards.of(draft.id, CardSubject.DRAFT):
        await uow.outbox.put(_notice(signal, NoticeKind.INTAKE_CARD, actor.id, now, card=card.message_id))
    await uow.drafts.remove(draft.id)
    await uow.audit.append(AuditEntry(now, actor.id, "signal_submitted", signal.id, draft.origin.channel))
    return Submitted(signal, is_new=True)


def _as_received(draft: Draft, flow: Flow, answers: Answers) -> dict[str, str]:
    """What the history keeps of the moment of sending, besides the answers."""
    choices = (question.key for question in flow.questions if question.kind is Kind.CHOICE)
    kept = {
        "minor": draft.minor_quote or "",
        "skipped": ",".join(key for key in choices if answers.get(key) == SKIPPED),
    }
    return {name: words for name, words in kept.items() if words}


def _notice(signal: Signal, kind: NoticeKind, recipient: str, now: datetime, **detail: str) -> Notice:
    """A notice whose id follows from what it tells: the same thing is never told twice by two rows."""
    parts = (signal.id, kind, recipient, *detail.values())
    is_alarm = kind is NoticeKind.SIGNAL_FOR_OFFICER and signal.assessment.outcome is Outcome.ACUTE
    lane = Lane.ALARM if is_alarm else Lane.ORDINARY
    return Notice(".".join(parts), kind, recipient, signal.id, now, detail, lane)
