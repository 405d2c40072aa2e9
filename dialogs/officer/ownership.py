"""Opening, folding and taking up a signal, as a conversation."""

from dialogs.officer.notice_cards import notice_card
from dialogs.officer.press import Acts, Press
from dialogs.turn import Card
from dialogs.use_cases.ownership import Ownership


async def open_case(press: Press) -> Card:
    """The case, its view in the audit log."""
    return press.case_card(await press.work.open(press.signal_id))


async def fold(press: Press) -> Card:
    """The card without content."""
    return notice_card((await press.work.open(press.signal_id)).signal, press.knowledge)


async def take_up(press: Press) -> Card:
    """Become the owner."""
    case = await Ownership(press.work).take_up(press.signal_id)
    return press.case_card(case, press.texts("case.taken_up"))


ACTS: Acts = {"open": open_case, "fold": fold, "take_up": take_up}
