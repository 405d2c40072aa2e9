"""Asking the reporter something, as a conversation."""

from dialogs.domain.case_file import CaseFile
from dialogs.domain.free_text import TextRefused, accepted
from dialogs.officer.case_buttons import CaseButton, Place, to_owner
from dialogs.officer.parts import why_refused
from dialogs.officer.press import Acts, Press
from dialogs.officer.preview import was_shown
from dialogs.officer.question_cards import ask_card, ask_elsewhere_card
from dialogs.turn import Card
from dialogs.use_cases.questions import MOST_QUESTION, AskedOneself, QuestionOpen, Questions


async def ask_form(press: Press) -> Card:
    """What to ask, and what not."""
    case = await _to_ask(press)
    return case if isinstance(case, Card) else ask_card(case, press.knowledge)


async def ask_preview(press: Press) -> Card:
    """The question as the reporter will read it."""
    return await _ask(press, send=False)


async def ask(press: Press) -> Card:
    """Ask it."""
    return await _ask(press, send=True)


async def take_back(press: Press) -> Card:
    """The question need not be answered any more."""
    case = await Questions(press.work).take_back(press.signal_id, press.version)
    return await press.case_card(case, press.texts("case.question_taken_back"))


async def _ask(press: Press, *, send: bool) -> Card:
    case = await _to_ask(press)
    if isinstance(case, Card):
        return case
    written = press.filled("question")
    try:
        content = {"question": accepted(written, most=MOST_QUESTION, required=True)}
    except TextRefused as refused:
        fault = why_refused(refused, MOST_QUESTION, press.texts, empty="ask.empty")
        return ask_card(case, press.knowledge, written=written, fault=fault)
    if send and was_shown(press.pressed, content):
        case = await Questions(press.work).ask(press.signal_id, press.version, written)
        return await press.case_card(case, press.texts("case.asked"))
    note = press.texts("preview.changed") if send else ""
    return ask_card(case, press.knowledge, written=written, content=content, note=note)


async def _to_ask(press: Press) -> CaseFile | Card:
    """The case, or why there is nothing to ask now."""
    try:
        return await Questions(press.work).may_ask(press.signal_id, press.version)
    except QuestionOpen as waiting:
        return await press.case_card(waiting.case, press.texts("case.question_open"))
    except AskedOneself as oneself:
        return ask_elsewhere_card(oneself.case, press.knowledge)


def _may_be_asked(case: CaseFile, reader: str) -> bool:
    return to_owner(case, reader) and case.question is None


def _is_asked(case: CaseFile, reader: str) -> bool:
    return to_owner(case, reader) and case.question is not None


ACTS: Acts = {"ask_form": ask_form, "ask_preview": ask_preview, "ask": ask, "end_question": take_back}
BUTTONS = (
    CaseButton("button.ask_form", "signal.ask_form", _may_be_asked, Place.REPORTER, on_follower=True),
    CaseButton("button.end_question", "signal.end_question", _is_asked, Place.REPORTER, on_follower=True),
)
