"""Closing a signal, and deciding on a wish to withdraw it, as a conversation."""

from dialogs.domain.case_file import CaseFile
from dialogs.officer.case_buttons import CaseButton, to_owner
from dialogs.officer.feedback_cards import close_card
from dialogs.officer.press import Acts, Press
from dialogs.turn import Card
from dialogs.use_cases.feedback import Feedback, FeedbackMissing


async def close_form(press: Press) -> Card:
    """What the reporter will read."""
    return close_card((await press.work.own(press.signal_id, press.version)).signal, press.knowledge)


async def close(press: Press) -> Card:
    """Close it, with feedback."""
    try:
        case = await Feedback(press.work).close(
            press.signal_id, press.version, press.filled("feedback"), press.filled("line")
        )
    except FeedbackMissing:
        case = await press.work.own(press.signal_id, press.version)
        return close_card(case.signal, press.knowledge, press.texts("close.feedback_missing"))
    return await press.case_card(case, press.texts("case.closed"))


async def withdraw(press: Press) -> Card:
    """Agree to the wish."""
    case = await Feedback(press.work).withdraw(press.signal_id, press.version)
    return await press.case_card(case, press.texts("case.withdrawn"))


async def go_on(press: Press) -> Card:
    """Go on against the wish."""
    return await press.case_card(
        await Feedback(press.work).go_on(press.signal_id, press.version), press.texts("case.gone_on")
    )


def _to_decide_on_wish(case: CaseFile, reader: str) -> bool:
    return case.is_withdrawal_wished and to_owner(case, reader)


ACTS: Acts = {"close_form": close_form, "close": close, "withdraw": withdraw, "go_on": go_on}
BUTTONS = (
    CaseButton("button.close_form", "signal.close_form", to_owner),
    CaseButton("button.agree_withdrawal", "signal.withdraw", _to_decide_on_wish),
    CaseButton("button.decline_withdrawal", "signal.go_on", _to_decide_on_wish),
)
