"""What officers hear because time passes: the daily digest, and signals whose owner may not handle them any more."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from dialogs.domain.case_file import case_file
from dialogs.domain.desk import Desk
from dialogs.domain.events import EventKind
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.queue import QueueQuery
from dialogs.domain.working_time import is_workday
from dialogs.knowledge import Knowledge
from dialogs.ports import UnitOfWork
from dialogs.use_cases.case_work import CaseWork
from dialogs.use_cases.watch import SYSTEM_ACTOR

#: A signal whose owner may not handle it any more, as a `watch` of its ESCALATED event; `about` is the owner.
OWNER_LEFT = "owner_left"


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
