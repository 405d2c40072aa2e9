"""Taking up a signal, as a conversation."""

from dialogs.officer.case_buttons import CaseButton, while_unclaimed
from dialogs.officer.press import Acts, Press
from dialogs.turn import Card, Weight
from dialogs.use_cases.ownership import Ownership


async def take_up(press: Press) -> Card:
    """Become the owner."""
    case = await Ownership(press.work).take_up(press.signal_id)
    return await press.case_card(case, press.texts("case.taken_up"))


ACTS: Acts = {"take_up": take_up}
BUTTONS = (CaseButton("button.take_up", "signal.take_up", while_unclaimed, weight=Weight.MAIN),)
