"""What is told because time passes: the daily digest, and signals that their owner, or nobody, may handle any more."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import case_file
from dialogs.domain.desk import Desk
from dialogs.domain.events import EventKind
from dialogs.domain.notices import Lane, Notice, NoticeKind
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.queue import QueueQuery
from dialogs.domain.working_time import is_workday
from dialogs.knowledge import Knowledge
from dialogs.ports import UnitOfWork
from dialogs.use_cases.case_work import CaseWork
from dialogs.use_cases.watch import SYSTEM_ACTOR

#: A signal whose owner may not handle it any more, as a `watch` of its ESCALATED event; `about` is the owner.
OWNER_LEFT = "owner_left"

#: A signal that nobody may handle, as a `watch`: an odd `step` tells the administrators, an even one who may by then.
NO_HANDLER = "no_handler"


async def watch_digests(uow: UnitOfWork, knowledge: Knowledge, now: datetime) -> int:
    """Send the digest to whom it is due: officers at work, and deputies while they stand in; how many."""
    absent = await uow.desks.absent(now)
    sent = 0
    staff = knowledge.staff
    for person in staff.officers:
        desk = await uow.desks.of(person)
        if desk.digest_due_at is not None and desk.digest_due_at > now:
            continue
        if not await uow.desks.take_digest(person, desk.digest_due_at, next_digest(desk, now)):
            continue
        is_planned_only = desk.digest_due_at is None or person not in staff.on_duty(frozenset(), absent)
        if is_planned_only or not await uow.queue.size(QueueQuery(person)):
            continue
        day = now.astimezone(AMSTERDAM).date().isoformat()
        notice_id = ".".join((NoticeKind.DIGEST, person, day))
        await uow.outbox.put(Notice(notice_id, NoticeKind.DIGEST, person, "", now, {"day": day}))
        sent += 1
    return sent


def next_digest(desk: Desk, now: datetime) -> datetime:
    """When this officer's next digest comes: at the chosen minute of the next working day, in UTC."""
    day = now.astimezone(AMSTERDAM).date()
    while True:
        at = (datetime.combine(day, time(), AMSTERDAM) + timedelta(minutes=desk.digest_minute)).astimezone(UTC)
        if at > now and is_workday(day):
            return at
        day += timedelta(days=1)


async def watch_orphans(uow: UnitOfWork, knowledge: Knowledge, now: datetime, limit: int) -> int:
    """Tell of signals whose owner may not handle them any more, each once for each owner; how many were told."""
    orphans = await orphan_ids(uow, knowledge, limit)
    return sum([await watch_orphan(uow, signal_id, knowledge, now) for signal_id in orphans])


async def orphan_ids(uow: UnitOfWork, knowledge: Knowledge, limit: int) -> Sequence[str]:
    """The ids of signals whose owner may not handle them any more, told or not."""
    return [entry.id for entry in await uow.queue.orphans(knowledge.staff, limit)]


async def watch_orphan(uow: UnitOfWork, signal_id: str, knowledge: Knowledge, now: datetime) -> int:
    """Tell those on duty who may handle this signal that its owner may not; 1 if somebody was told now.

    Where nobody may handle it, it is told as soon as the settings name somebody.
    """
    staff = knowledge.staff
    signal = await uow.signals.get(signal_id)
    if signal is None or signal.owner is None or signal.may_be_handled_by(signal.owner, staff):
        return 0
    case = case_file(signal, await uow.signals.history(signal_id))
    escalated = ((e.content["watch"], e.content["about"]) for e in case.of_kind(EventKind.ESCALATED))
    if (OWNER_LEFT, signal.owner) in escalated:
        return 0
    told = staff.on_duty(signal.excluded, await uow.desks.absent(now))
    if not told or not await uow.signals.plan(signal, signal.due_at):
        return 0
    work = CaseWork(uow, SYSTEM_ACTOR, knowledge, now)
    content = {"watch": OWNER_LEFT, "about": signal.owner, "step": "1", "told": ",".join(told)}
    await work.add(case, EventKind.ESCALATED, content)
    for person in told:
        await work.tell(NoticeKind.TERM_PASSED, signal, person, watch=OWNER_LEFT, about=signal.owner, step="1")
    return 1


async def watch_unhandled(uow: UnitOfWork, knowledge: Knowledge, now: datetime, limit: int) -> int:
    """Tell of signals that nobody may handle, and of those that somebody may by now; how many were told."""
    ids = await kept_ids(uow, limit)
    return sum([await watch_kept(uow, signal_id, knowledge, now) for signal_id in ids])


async def kept_ids(uow: UnitOfWork, limit: int) -> Sequence[str]:
    """The ids of open signals that are kept from somebody: all others, somebody may handle."""
    return [entry.id for entry in await uow.queue.about_officers(limit)]


async def watch_kept(uow: UnitOfWork, signal_id: str, knowledge: Knowledge, now: datetime) -> int:
    """Tell the administrators, whom it is not about, that nobody may handle this signal; 1 if that was told now.

    Once somebody may, those on duty hear of it, unless it has an owner: then `watch_orphan` tells them.
    """
    staff = knowledge.staff
    signal = await uow.signals.get(signal_id)
    if signal is None:
        return 0
    handlers = staff.handlers(signal.excluded)
    if handlers and signal.owner is not None:
        return 0
    case = case_file(signal, await uow.signals.history(signal_id))
    told_before = [e for e in case.of_kind(EventKind.ESCALATED) if e.content["watch"] == NO_HANDLER]
    is_known = len(told_before) % 2 == 1
    told = staff.on_duty(signal.excluded, await uow.desks.absent(now)) if handlers else staff.wardens(signal.excluded)
    if is_known is not bool(handlers) or not told or not await uow.signals.plan(signal, signal.due_at):
        return 0
    work = CaseWork(uow, SYSTEM_ACTOR, knowledge, now)
    step = str(len(told_before) + 1)
    await work.add(case, EventKind.ESCALATED, {"watch": NO_HANDLER, "about": "", "step": step, "told": ",".join(told)})
    kind = NoticeKind.SIGNAL_FOR_OFFICER if handlers else NoticeKind.TERM_PASSED
    detail = {"step": step} if handlers else {"watch": NO_HANDLER, "about": "", "step": step}
    lane = Lane.ALARM if signal.assessment.outcome is Outcome.ACUTE else Lane.ORDINARY
    for person in told:
        notice_id = ".".join((signal.id, kind, person, NO_HANDLER, step))
        await uow.outbox.put(Notice(notice_id, kind, person, signal.id, now, detail, lane))
    return 1
