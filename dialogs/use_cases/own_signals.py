"""What a reporter may see: the own signals, and the feedback on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.access import Actor, NotAllowed, Right
from dialogs.domain.signals import EventKind, Signal, SignalEvent
from dialogs.ports import AuditEntry, UnitOfWork

#: What a reporter hears of; other events stay with the officers.
TOLD_TO_REPORTER = frozenset({EventKind.RECEIVED, EventKind.TAKEN_UP, EventKind.HANDED_OVER, EventKind.CLOSED})
_MOST = 10


@dataclass(frozen=True, slots=True)
class OwnSignal:
    """A signal as its reporter may see it."""

    signal: Signal
    history: tuple[SignalEvent, ...]


async def own_signals(uow: UnitOfWork, actor: Actor) -> Sequence[Signal]:
    """The newest ten signals of this person, newest first."""
    actor.demand(Right.SEE_OWN_SIGNALS)
    return await uow.signals.of_reporter(actor.id, _MOST)


async def read_feedback(uow: UnitOfWork, actor: Actor, signal_id: str, now: datetime) -> OwnSignal:
    """One own signal with what its reporter may know; that it was read is added to the history, once for each news.

    Raises NotAllowed, also for a signal that is not there.
    """
    actor.demand(Right.SEE_OWN_SIGNALS)
    signal = await uow.signals.get(signal_id)
    if signal is None or signal.reporter != actor.id:
        raise NotAllowed(Right.SEE_OWN_SIGNALS)
    history = tuple(await uow.signals.history(signal_id))
    told = tuple(event for event in history if event.kind in TOLD_TO_REPORTER)
    if history and history[-1].kind is not EventKind.FEEDBACK_READ and told[-1].kind is not EventKind.RECEIVED:
        await uow.signals.append(SignalEvent(signal.id, now, actor.id, EventKind.FEEDBACK_READ, signal.status))
        await uow.audit.append(AuditEntry(now, actor.id, "feedback_read", signal.id))
    return OwnSignal(signal, told)
