"""The queue as a conversation: filters and pages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from dialogs.domain.access import Actor, Right, Role, Staff
from dialogs.domain.queue import QueueFilter, QueuePosition, QueueQuery
from dialogs.domain.whole_numbers import whole_number
from dialogs.domain.working_time import WORKDAY, after
from dialogs.officer.case_buttons import CaseButton
from dialogs.officer.press import Acts, Press
from dialogs.officer.queue_card import PAGE, QueuePage, pages_of, queue_card
from dialogs.turn import Card


async def list_queue(press: Press, note: str = "") -> Card:
    """A page of the open signals that this person may handle. Raises NotAllowed."""
    press.actor.demand(Right.SEE_QUEUE)
    data = press.pressed.data
    chosen = _filter(press.pressed.inputs if data.get("from") == "field" else data)
    query = query_of(press.actor, press.knowledge.staff, press.now, chosen)
    size, behind = await press.uow.queue.size(query), _behind(data)
    number = whole_number(data.get("page", ""))
    if behind is None:
        number = min(number or 1, pages_of(size))
        entries = (await press.uow.queue.page(query, PAGE * number))[PAGE * (number - 1) :]
    else:
        entries = await press.uow.queue.page(replace(query, behind=behind), PAGE)
    page = QueuePage(chosen, entries, size, number or 2)
    return queue_card(page, press.knowledge, press.now, note)


def query_of(actor: Actor, staff: Staff, now: datetime, chosen: QueueFilter = QueueFilter.ALL) -> QueueQuery:
    """What this person may see: a confidant only what is kept from every officer."""
    is_officer = not {Role.FOCAL_OFFICER, Role.DEPUTY}.isdisjoint(actor.roles)
    kept_from = () if is_officer else staff.officers
    return QueueQuery(actor.id, chosen, kept_from, owed_before=after(now, WORKDAY))


def _filter(values: Mapping[str, str]) -> QueueFilter:
    """The filter that was chosen; all of them for one that is not there (any more)."""
    try:
        return QueueFilter(values.get("filter", QueueFilter.ALL))
    except ValueError:
        return QueueFilter.ALL


def _behind(data: Mapping[str, str]) -> QueuePosition | None:
    """Where the page before ended; None for a button that does not say so properly: then the first page."""
    try:
        at, rank = datetime.fromisoformat(data["at"]), data["rank"]
        number = whole_number(rank.removeprefix("-"))
        if at.tzinfo is None or number is None:
            return None
        return QueuePosition(-number if rank.startswith("-") else number, at.astimezone(UTC), data["behind"])
    except (KeyError, ValueError, OverflowError):
        return None


ACTS: Acts = {"queue": list_queue}
BUTTONS: tuple[CaseButton, ...] = ()
