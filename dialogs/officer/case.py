"""Looking at a case: opening it, what else can be done with it, folding it."""

from dialogs.officer.case_buttons import CaseButton, offered
from dialogs.officer.case_card import more_card
from dialogs.officer.notice_cards import notice_card
from dialogs.officer.press import Acts, Press
from dialogs.turn import Card


async def open_case(press: Press) -> Card:
    """The case, its view in the audit log."""
    return await press.case_card(await press.work.open(press.signal_id))


async def more(press: Press) -> Card:
    """What else can be done with it; without content, so nothing is opened."""
    case = await press.work.case(press.signal_id)
    return more_card(offered(press.buttons, case, press.actor.id, press.texts), press.knowledge)


async def fold(press: Press) -> Card:
    """The card without content."""
    return notice_card((await press.work.open(press.signal_id)).signal, press.knowledge)


ACTS: Acts = {"open": open_case, "more": more, "fold": fold}
BUTTONS: tuple[CaseButton, ...] = ()
