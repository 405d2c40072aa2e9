"""A case with what stands beside it: what it is linked to, what is related, what was delivered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dialogs.domain.case_file import CaseFile, Field
from dialogs.domain.queue import QueueEntry
from dialogs.domain.signals import Signal
from dialogs.ports import Delivery, UnitOfWork

#: The fields by which signals can be found to speak of the same place.
PLACES = (Field.ADDRESS, Field.COMPANY)
_MOST_RELATED = 5


@dataclass(frozen=True, slots=True)
class CaseView:
    """What a card of a case is drawn from."""

    case: CaseFile
    #: The signal that leads, if this one follows.
    lead: Signal | None = None
    followers: Sequence[Signal] = ()
    #: Others at the same address or company, newest first; none of them linked to this one.
    related: Sequence[QueueEntry] = ()
    #: What was sent about it, oldest first.
    deliveries: Sequence[Delivery] = ()
    #: Who hears of it and gets nothing from Meldroute now: never had the app, or has it no more.
    unreachable: Collection[str] = ()


async def view_of(uow: UnitOfWork, case: CaseFile, reader: str, handlers: Sequence[str]) -> CaseView:
    """The case as this person may see it now; nothing of a signal from which they are excluded.

    `handlers`: who may handle it.
    """
    signal = case.signal
    followers = await uow.signals.followers(signal.id)
    related = ()
    if any(field in case.enrichment for field in PLACES):
        known = {signal.lead, *(follower.id for follower in followers)}
        at_same_place = await uow.queue.at_same_place(signal.id, reader, _MOST_RELATED + len(known))
        related = tuple(entry for entry in at_same_place if entry.id not in known)[:_MOST_RELATED]
    return CaseView(
        case,
        lead=await uow.signals.get(signal.lead) if signal.lead else None,
        followers=tuple(followers),
        related=related,
        deliveries=await uow.outbox.of_signal(signal.id),
        unreachable=await _unreachable(uow, [each for each in (signal.reporter, *handlers) if each != reader]),
    )


async def _unreachable(uow: UnitOfWork, people: Sequence[str]) -> frozenset[str]:
    known = await uow.people.addresses(people)
    gone = {person for person, address in known.items() if not address.reachable}
    return frozenset(gone | (await uow.people.without_app(people)).keys())
