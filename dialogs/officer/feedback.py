"""Telling the reporter how it stands, closing, reopening, and deciding on a wish to withdraw, as a conversation."""

from dialogs.domain.case_file import CaseFile
from dialogs.domain.free_text import TextRefused
from dialogs.officer import feedback_cards as cards
from dialogs.officer.case_buttons import CaseButton, Place, to_owner
from dialogs.officer.parts import why_refused
from dialogs.officer.press import Acts, Press
from dialogs.officer.preview import was_shown
from dialogs.turn import Card
from dialogs.use_cases.feedback import (
    CLOSING_TEXTS,
    IN_PERSON,
    INTERIM_TEXTS,
    MOST_LINE,
    MOST_REASON,
    Attempts,
    AttemptsMissing,
    Feedback,
    FeedbackMissing,
    LineNotAllowed,
    Told,
)

# --- closing ---


async def close_form(press: Press) -> Card:
    """What the reporter will read."""
    case = await Feedback(press.work).may_close(press.signal_id, press.version)
    return cards.close_card(case, press.knowledge, _filled(press))


async def close_preview(press: Press) -> Card:
    """The closing as the reporter will read it."""
    case = await Feedback(press.work).may_close(press.signal_id, press.version)
    told = _told(press, CLOSING_TEXTS)
    return cards.close_card(case, press.knowledge, _filled(press), told)


async def close(press: Press) -> Card:
    """Close it, with feedback."""
    case = await Feedback(press.work).may_close(press.signal_id, press.version)
    told = _told(press, CLOSING_TEXTS)
    if isinstance(told, str) or not was_shown(press.pressed, told.content):
        return cards.close_card(case, press.knowledge, _filled(press), told, note=press.texts("preview.changed"))
    case = await Feedback(press.work).close(press.signal_id, press.version, told)
    return await press.case_card(case, press.texts("case.closed"))


async def unreachable_form(press: Press) -> Card:
    """How it was tried to reach the reporter."""
    case = await Feedback(press.work).may_close(press.signal_id, press.version)
    return cards.unreachable_card(case, press.knowledge, press.pressed.inputs)


async def close_unreachable(press: Press) -> Card:
    """Close it without a message."""
    work, inputs = Feedback(press.work), press.pressed.inputs
    case = await work.may_close(press.signal_id, press.version)
    ways = inputs.get("ways", "").split(",")
    try:
        attempts = Attempts.checked(press.filled("attempts"), ways, press.filled("reason"))
    except AttemptsMissing:
        fault = press.texts("unreachable.missing")
    except TextRefused as refused:
        fault = why_refused(refused, MOST_REASON, press.texts)
    else:
        case = await work.close_unreachable(press.signal_id, press.version, attempts)
        return await press.case_card(case, press.texts("case.closed_unreachable"))
    return cards.unreachable_card(case, press.knowledge, inputs, fault)


# --- between two steps ---


async def feedback_form(press: Press) -> Card:
    """What to tell the reporter now."""
    case = await Feedback(press.work).may_tell(press.signal_id, press.version)
    chosen = press.pressed.data.get("feedback", "")
    return cards.feedback_card(case, press.knowledge, cards.Filled(chosen, press.filled("line")))


async def feedback_preview(press: Press) -> Card:
    """The feedback as the reporter will read it."""
    case = await Feedback(press.work).may_tell(press.signal_id, press.version)
    told = _told(press, (*INTERIM_TEXTS, IN_PERSON))
    return cards.feedback_card(case, press.knowledge, _filled(press), told)


async def feed_back(press: Press) -> Card:
    """Tell it."""
    case = await Feedback(press.work).may_tell(press.signal_id, press.version)
    told = _told(press, (*INTERIM_TEXTS, IN_PERSON))
    if isinstance(told, str) or not was_shown(press.pressed, told.content):
        return cards.feedback_card(case, press.knowledge, _filled(press), told, note=press.texts("preview.changed"))
    case = await Feedback(press.work).tell(press.signal_id, press.version, told)
    in_person = told.text == IN_PERSON
    return await press.case_card(case, press.texts("case.told_in_person" if in_person else "case.fed_back"))


async def send_again(press: Press) -> Card:
    """Send what did not arrive."""
    case = await Feedback(press.work).send_again(press.signal_id)
    return await press.case_card(case, press.texts("case.sent_again"))


# --- after the end ---


async def reopen_form(press: Press) -> Card:
    """Why it is looked at again."""
    return cards.reopen_card(await Feedback(press.work).may_reopen(press.signal_id, press.version), press.knowledge)


async def reopen(press: Press) -> Card:
    """Put it back in the queue."""
    work, reason = Feedback(press.work), press.filled("reason")
    try:
        case = await work.reopen(press.signal_id, press.version, reason)
    except TextRefused as refused:
        fault = why_refused(refused, MOST_REASON, press.texts, empty="reopen.empty")
        case = await work.may_reopen(press.signal_id, press.version)
        return cards.reopen_card(case, press.knowledge, written=reason, fault=fault)
    return await press.case_card(case, press.texts("case.reopened"))


# --- the wish to withdraw ---


async def withdraw(press: Press) -> Card:
    """Agree to the wish."""
    case = await Feedback(press.work).withdraw(press.signal_id, press.version)
    return await press.case_card(case, press.texts("case.withdrawn"))


async def go_on(press: Press) -> Card:
    """Go on against the wish."""
    case = await Feedback(press.work).go_on(press.signal_id, press.version)
    return await press.case_card(case, press.texts("case.gone_on"))


def _filled(press: Press) -> cards.Filled:
    return cards.Filled(press.filled("feedback"), press.pressed.inputs.get("line", ""))


def _told(press: Press, among: tuple[str, ...]) -> Told | str:
    """What the reporter will read; or what is wrong with it."""
    try:
        return Told.checked(press.filled("feedback"), press.filled("line"), among)
    except FeedbackMissing:
        return press.texts("close.feedback_missing")
    except LineNotAllowed:
        return press.texts("feedback.line_not_allowed")
    except TextRefused as refused:
        return why_refused(refused, MOST_LINE, press.texts)


def _to_decide_on_wish(case: CaseFile, reader: str) -> bool:
    return case.is_withdrawal_wished and to_owner(case, reader)


def _once_ended(case: CaseFile, _reader: str) -> bool:
    return not case.is_open


def _to_tell(case: CaseFile, reader: str) -> bool:
    return to_owner(case, reader) and case.signal.reporter != reader


def _told_it(case: CaseFile, reader: str) -> bool:
    """Its owner, also after the end: a message of before may not have arrived."""
    return case.signal.owner == reader and not case.is_unclaimed and case.signal.reporter != reader


def _in_person(_case: CaseFile) -> dict[str, str]:
    return {"feedback": IN_PERSON}


ACTS: Acts = {
    "close_form": close_form,
    "close_preview": close_preview,
    "close": close,
    "unreachable_form": unreachable_form,
    "close_unreachable": close_unreachable,
    "feedback_form": feedback_form,
    "feed_back_preview": feedback_preview,
    "feed_back": feed_back,
    "send_again": send_again,
    "reopen_form": reopen_form,
    "reopen": reopen,
    "withdraw": withdraw,
    "go_on": go_on,
}
BUTTONS = (
    CaseButton("button.close_form", "signal.close_form", to_owner),
    CaseButton("button.agree_withdrawal", "signal.withdraw", _to_decide_on_wish, Place.TOP, on_follower=True),
    CaseButton("button.decline_withdrawal", "signal.go_on", _to_decide_on_wish, Place.TOP, on_follower=True),
    CaseButton("button.feedback_form", "signal.feedback_form", _to_tell, Place.REPORTER),
    CaseButton("button.told_in_person", "signal.feedback_form", _told_it, Place.REPORTER, data=_in_person),
    CaseButton("button.reopen_form", "signal.reopen_form", _once_ended),
)
