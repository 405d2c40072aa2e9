"""What follows when a notice does not arrive, and what time does to the outbox."""

from datetime import datetime, timedelta

from dialogs.domain.access import Staff
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.signals import Signal
from dialogs.ports import AuditEntry, UnitOfWork

#: Who acts where no person does.
SYSTEM = "system"


async def record_undelivered(uow: UnitOfWork, notice: Notice, why: str, now: datetime, staff: Staff) -> None:
    """Tell who hears of a signal that a notice about it did not arrive; in the transaction of the dead letter.

    `why` is a status and a code. Whom it was meant for is not told, as they cannot be reached; if nobody else hears of
    the signal, everybody else who may handle it does. Of what is not about a signal, and of such a word itself, nobody
    hears but the log.
    """
    signal = await uow.signals.get(notice.signal_id) if notice.signal_id else None
    if signal is None or notice.kind is NoticeKind.UNDELIVERED:
        return
    is_to_reporter = notice.recipient == signal.reporter
    if is_to_reporter:
        content = {"notice": notice.kind.value, "why": why}
        await uow.signals.append(
            SignalEvent(signal.id, now, SYSTEM, EventKind.UNDELIVERED, signal.status, content=content)
        )
    await uow.audit.append(AuditEntry(now, SYSTEM, "notice_undelivered", signal.id, notice.kind))
    detail = {"notice": notice.kind.value, "to": "reporter" if is_to_reporter else "officer"}
    for person in await _others(uow, signal, notice.recipient, now, staff):
        word_id = ".".join((notice.id, NoticeKind.UNDELIVERED, person))
        word = Notice(word_id, NoticeKind.UNDELIVERED, person, signal.id, now, detail, notice.lane)
        await uow.outbox.put(word)


async def _others(uow: UnitOfWork, signal: Signal, but: str, now: datetime, staff: Staff) -> list[str]:
    listeners = signal.listeners(staff, await uow.desks.absent(now))
    others = [person for person in listeners if person != but]
    return others or [person for person in staff.handlers(signal.excluded) if person != but]


async def tidy_outbox(uow: UnitOfWork, now: datetime, keep: timedelta, limit: int) -> int:
    """Remove what was sent so long ago, and send again what could not reach somebody who is back; how many."""
    back = await uow.outbox.resend_to_who_came_back(now)
    return back + await uow.outbox.forget_sent(now - keep, limit)


async def put_back(uow: UnitOfWork, now: datetime, notice_id: str | None) -> int:
    """Send a dead letter again, or all of them, by the hand of an administrator; how many."""
    count = await uow.outbox.resend(now, notice_id)
    if count:
        await uow.audit.append(AuditEntry(now, SYSTEM, "notices_resent", notice_id or "all", str(count)))
    return count
