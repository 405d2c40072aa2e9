"""Closing a signal, and deciding on a wish to withdraw it, as a conversation."""

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
    return press.case_card(case, press.texts("case.closed"))


async def withdraw(press: Press) -> Card:
    """Agree to the wish."""
    case = await Feedback(press.work).withdraw(press.signal_id, press.version)
    return press.case_card(case, press.texts("case.withdrawn"))


async def go_on(press: Press) -> Card:
    """Go on against the wish."""
    return press.case_card(
        await Feedback(press.work).go_on(press.signal_id, press.version), press.texts("case.gone_on")
    )


ACTS: Acts = {"close_form": close_form, "close": close, "withdraw": withdraw, "go_on": go_on}
