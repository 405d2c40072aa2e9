"""The queue as a conversation."""

from dialogs.domain.access import Right, Role
from dialogs.domain.queue import QueueQuery
from dialogs.officer.case_buttons import CaseButton
from dialogs.officer.press import Acts, Press
from dialogs.officer.queue_card import queue_card
from dialogs.turn import Card

_PAGE = 10


async def list_queue(press: Press) -> Card:
    """The open signals that this person may handle. Raises NotAllowed."""
    press.actor.demand(Right.SEE_QUEUE)
    query = query_of(press)
    page = await press.uow.queue.page(query, _PAGE)
    return queue_card(page, await press.uow.queue.size(query) - len(page), press.knowledge)


def query_of(press: Press) -> QueueQuery:
    """What this person may see: a confidant only what is kept from every officer."""
    staff = press.knowledge.staff
    is_officer = not {Role.FOCAL_OFFICER, Role.DEPUTY}.isdisjoint(press.actor.roles)
    return QueueQuery(press.actor.id, kept_from=() if is_officer else (*staff.focal_officers, *staff.deputies))


ACTS: Acts = {"queue": list_queue}
BUTTONS: tuple[CaseButton, ...] = ()
