"""What happens because time passes: reminders of drafts, their end, and a nudge. Told while people are at work only."""

from datetime import datetime, timedelta

from dialogs.domain.access import Actor
from dialogs.domain.addresses import CardSubject
from dialogs.domain.draft_life import Expire, OpenDraft, Remind, decide
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.working_time import is_working_time
from dialogs.ports import AuditEntry, UnitOfWork

#: Who acts where no person does.
SYSTEM = "system"
SYSTEM_ACTOR = Actor(SYSTEM, frozenset())


async def watch_drafts(uow: UnitOfWork, now: datetime, limit: int) -> int:
    """Remind of drafts and remove those whose time is over, as far as something is due; how many were looked at.

    A draft that its reporter touches at the same moment is left alone. Several replicas may do this at once: a
    reminder is stored by whoever comes first.
    """
    if not is_working_time(now):
        return 0
    due = await uow.drafts.due(now, limit)
    for draft in due:
        match decide(draft, now):
            case Remind(number, next_at, until):
                if await uow.drafts.remind(draft, number, next_at):
                    detail = {"version": str(draft.version), "number": str(number), "until": until.isoformat()}
                    await _put(uow, draft, NoticeKind.DRAFT_REMINDER, now, detail)
            case Expire():
                if await uow.drafts.expire(draft):
                    await _tell_of_end(uow, draft, now)
    return len(due)


async def take_back_drafts(uow: UnitOfWork, now: datetime, limit: int) -> int:
    """Open the drafts again that did not open and now do, as when a key came back; how many.

    Their reporters are reminded of them as of any open draft.
    """
    back = await uow.drafts.take_back(now, limit)
    for draft_id in back:
        await uow.audit.append(AuditEntry(now, SYSTEM, "draft_taken_back", draft_id))
    return len(back)


async def nudge_people(uow: UnitOfWork, now: datetime, limit: int) -> int:
    """Remind people what Meldroute is for, each once in the interval that an officer set (policy action 2.3).

    How many. Nobody as long as none was set, nobody who said that they want none.
    """
    if not is_working_time(now):
        return 0
    interval = await uow.nudges.interval()
    if interval is None or not interval.weeks:
        return 0
    people = await uow.nudges.take(now, now - timedelta(weeks=interval.weeks), limit)
    for person in people:
        notice_id = ".".join((NoticeKind.NUDGE, person, now.isoformat()))
        await uow.outbox.put(Notice(notice_id, NoticeKind.NUDGE, person, "", now))
    return len(people)


async def _tell_of_end(uow: UnitOfWork, draft: OpenDraft, now: datetime) -> None:
    """What was on its card goes; of a practice nothing more is said."""
    practice = {"practice": "yes"} if draft.practice else {}
    for card in await uow.cards.of(draft.id, CardSubject.DRAFT):
        await _put(uow, draft, NoticeKind.EXPIRED_CARD, now, {"card": card.message_id, **practice})
    if not draft.practice:
        await _put(uow, draft, NoticeKind.DRAFT_EXPIRED, now, {})
    await uow.audit.append(AuditEntry(now, SYSTEM, "draft_expired", draft.id))


async def _put(uow: UnitOfWork, draft: OpenDraft, kind: NoticeKind, now: datetime, detail: dict[str, str]) -> None:
    notice_id = ".".join((draft.id, kind, *detail.values()))
    await uow.outbox.put(Notice(notice_id, kind, draft.reporter, draft.id, now, detail))
