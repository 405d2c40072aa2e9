"""Handing a signal over to a partner, as a conversation."""

from dialogs.officer.case_buttons import CaseButton, to_owner
from dialogs.officer.press import Acts, Press
from dialogs.officer.referral_cards import hand_over_card
from dialogs.turn import Card, Weight
from dialogs.use_cases.referrals import Referrals


async def hand_over_form(press: Press) -> Card:
    """To whom, and what was agreed."""
    return hand_over_card((await press.work.own(press.signal_id, press.version)).signal, press.knowledge)


async def hand_over(press: Press) -> Card:
    """Record it."""
    try:
        case = await Referrals(press.work).hand_over(
            press.signal_id, press.version, press.filled("partner"), press.filled("note"), press.filled("line")
        )
    except KeyError:
        case = await press.work.own(press.signal_id, press.version)
        return hand_over_card(case.signal, press.knowledge, press.texts("hand_over.partner_missing"))
    return await press.case_card(case, press.texts("case.handed_over"))


ACTS: Acts = {"hand_over_form": hand_over_form, "hand_over": hand_over}
BUTTONS = (CaseButton("button.hand_over_form", "signal.hand_over_form", to_owner, weight=Weight.MAIN),)
