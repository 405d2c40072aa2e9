"""Looking at a case: opening it, its long parts, what else can be done with it, folding it."""

from dialogs.officer import case_sections
from dialogs.officer.case_buttons import CaseButton, Place, anybody, offered
from dialogs.officer.case_card import more_card
from dialogs.officer.notice_cards import notice_card
from dialogs.officer.press import Acts, Press
from dialogs.turn import Card


async def open_case(press: Press) -> Card:
    """The case, its view in the audit log."""
    return await press.case_card(await press.work.open(press.signal_id))


async def story(press: Press) -> Card:
    """All that the reporter wrote."""
    return case_sections.story_card(await press.work.open(press.signal_id), press.knowledge, press.page)


async def found(press: Press) -> Card:
    """All that was looked up."""
    return case_sections.found_card(await press.work.open(press.signal_id), press.knowledge, press.page)


async def weighing(press: Press) -> Card:
    """Why the rules gave this outcome."""
    return case_sections.weighing_card(await press.work.open(press.signal_id), press.knowledge, press.page)


async def timeline(press: Press) -> Card:
    """Everything that happened."""
    return case_sections.timeline_card(await press.work.open(press.signal_id), press.knowledge, press.page)


async def notes(press: Press) -> Card:
    """The notes of officers."""
    return case_sections.notes_card(await press.work.open(press.signal_id), press.knowledge, press.page)


async def related(press: Press) -> Card:
    """Earlier signals at the same place."""
    case = await press.work.open(press.signal_id)
    return case_sections.related_card(case, (await press.work.view(case)).related, press.knowledge)


async def measures(press: Press) -> Card:
    """What a municipality itself can do; without content, so nothing is opened."""
    return case_sections.measures_card(await press.work.seen(press.signal_id), press.knowledge)


async def more(press: Press) -> Card:
    """What else can be done with it; without content, so nothing is opened."""
    case = await press.work.seen(press.signal_id)
    return more_card(offered(press.buttons, case, press.actor.id, press.texts), press.knowledge)


async def fold(press: Press) -> Card:
    """The card without content."""
    return notice_card((await press.work.seen(press.signal_id)).signal, press.knowledge)


ACTS: Acts = {
    "open": open_case,
    "story": story,
    "found": found,
    "weighing": weighing,
    "timeline": timeline,
    "notes": notes,
    "related": related,
    "measures": measures,
    "more": more,
    "fold": fold,
}
BUTTONS = (CaseButton("button.measures", "signal.measures", anybody, Place.MORE),)
