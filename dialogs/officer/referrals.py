"""Consulting partners, handing a signal over, and what they answer, as a conversation."""

import hashlib

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind
from dialogs.domain.free_text import TextRefused
from dialogs.domain.recipients import How
from dialogs.officer.case_buttons import CaseButton, Place, to_owner
from dialogs.officer.checklist import PARTNER_OF, steps_of
from dialogs.officer.press import Acts, Press
from dialogs.officer.referral_cards import (
    ReferralForm,
    answer_card,
    fault_words,
    last_read_out,
    reporter_reads,
)
from dialogs.turn import Card, Weight
from dialogs.use_cases.case_work import OutOfDate
from dialogs.use_cases.referrals import MOST_ANSWER, MOST_NOTE, Referrals, ReferralWrong, Referred, default_day

_EMERGENCY = "112"


async def hand_over_form(press: Press) -> Card:
    """To whom, what was told, and until when an answer is waited for; the route is filled in."""
    case = await press.work.own(press.signal_id, press.version)
    return _form(press, case, _to_begin_with(press, case)).hand_over()


async def hand_over_preview(press: Press) -> Card:
    """The same form, with what the reporter will read."""
    return await _handing_over(press)


async def hand_over(press: Press) -> Card:
    """Record it, once the officer has seen what the reporter will read."""
    return await _handing_over(press, seen=press.pressed.data.get("seen", ""))


async def _handing_over(press: Press, *, seen: str = "") -> Card:
    said, acts = _said(press), Referrals(press.work)
    try:
        case = await press.work.own(press.signal_id, press.version)
        if seen == _mark(press, case, said):
            case = await acts.hand_over(press.signal_id, press.version, said)
            return await press.case_card(case, press.texts("case.handed_over"))
        acts.check_hand_over(said)
    except OutOfDate as outdated:
        if acts.was_done(outdated.case, EventKind.HANDED_OVER, said):
            return await press.case_card(outdated.case, press.texts("case.handed_over"))
        return _out_of_date(press, outdated, consulting=False)
    except (ReferralWrong, TextRefused) as wrong:
        return (await _wrong(press, wrong)).hand_over()
    changed = (press.texts("hand_over.preview_changed"),) if "seen" in press.pressed.data else ()
    return _form(press, case, said, *changed).hand_over(seen=_mark(press, case, said))


async def consult_form(press: Press) -> Card:
    """Whom to ask what they think of it."""
    case = await press.work.own(press.signal_id, press.version)
    return _form(press, case, _to_begin_with(press, case)).consult()


async def consult(press: Press) -> Card:
    """Record it; with an answer that came at once it is over at once."""
    said, acts = _said(press), Referrals(press.work)
    try:
        case = await acts.consult(press.signal_id, press.version, said)
    except OutOfDate as outdated:
        case = outdated.case
        if not acts.was_done(case, EventKind.CONSULTED, said):
            return _out_of_date(press, outdated, consulting=True)
    except (ReferralWrong, TextRefused) as wrong:
        return (await _wrong(press, wrong)).consult()
    done = "consult.answered" if said.answer else "consult.told_done" if said.told else "consult.done"
    return await press.case_card(case, press.texts(done))


async def answer_form(press: Press) -> Card:
    """What a partner answered."""
    return answer_card(await press.work.case(press.signal_id), press.knowledge, press.pressed.inputs)


async def answer(press: Press) -> Card:
    """Record it: the partner owes nothing any more."""
    try:
        case = await Referrals(press.work).record_answer(
            press.signal_id, press.version, press.filled("about"), press.filled("text")
        )
    except OutOfDate as outdated:
        changed = press.what_changed(outdated.case)
        return answer_card(outdated.case, press.knowledge, press.pressed.inputs, changed)
    except KeyError:
        return await _answer_again(press, press.texts("partner_answer.about_missing"))
    except TextRefused as refused:
        return await _answer_again(press, press.why_refused(refused, MOST_ANSWER, "partner_answer.missing"))
    return await press.case_card(case, press.texts("partner_answer.done"))


async def _answer_again(press: Press, fault: str) -> Card:
    return answer_card(await press.work.case(press.signal_id), press.knowledge, press.pressed.inputs, fault)


def _to_begin_with(press: Press, case: CaseFile) -> Referred:
    """The first step of the route that was not done, what was read out on the phone, and the usual day."""
    steps = [PARTNER_OF[step] for step in steps_of(case) if step not in case.done]
    partners = tuple(key for key in steps if key != _EMERGENCY)[:1]
    due = default_day(press.work).isoformat()
    return Referred(partners, "", How.PHONE, last_read_out(case), press.filled("note"), "", due)


def _said(press: Press) -> Referred:
    """What was filled in."""
    return Referred(
        partners=press.chosen("partner", "also"),
        desk=press.filled("desk"),
        how=press.filled("how"),
        shared=press.chosen("shared", "personal"),
        note=press.filled("note"),
        line=press.filled("line"),
        due=press.filled("due"),
        ground=press.filled("ground"),
        named=press.filled("named") != "unnamed",
        told=press.filled("told") == "yes",
        answer=press.filled("answer"),
    )


def _mark(press: Press, case: CaseFile, said: Referred) -> str:
    """The same for the same words to the reporter: whoever presses on has read what goes out."""
    words = f"{reporter_reads(said, case.signal, press.knowledge)}\n{said.line}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _form(press: Press, case: CaseFile, said: Referred, *notes: str) -> ReferralForm:
    return ReferralForm(case, press.knowledge, press.now, said, notes)


async def _wrong(press: Press, wrong: ReferralWrong | TextRefused) -> ReferralForm:
    said, case = _said(press), await press.work.own(press.signal_id, press.version)
    if isinstance(wrong, TextRefused):
        return _form(press, case, said, press.why_refused(wrong, MOST_NOTE, "partner_answer.missing"))
    return _form(press, case, said, *(fault_words(fault, said, press.knowledge, press.now) for fault in wrong.faults))


def _out_of_date(press: Press, outdated: OutOfDate, *, consulting: bool) -> Card:
    case = outdated.case
    form = _form(press, case, _said(press), press.what_changed(case))
    return press.with_what_was_typed(form.consult() if consulting else form.hand_over(), case)


def _while_unanswered(case: CaseFile, _reader: str) -> bool:
    return case.is_open and bool(case.unanswered)


ACTS: Acts = {
    "hand_over_form": hand_over_form,
    "hand_over_preview": hand_over_preview,
    "hand_over": hand_over,
    "consult_form": consult_form,
    "consult": consult,
    "answer_form": answer_form,
    "answer": answer,
}
BUTTONS = (
    CaseButton("button.hand_over_form", "signal.hand_over_form", to_owner, weight=Weight.MAIN),
    CaseButton("button.consult_form", "signal.consult_form", to_owner),
    CaseButton("button.partner_answer_form", "signal.answer_form", _while_unanswered, Place.PARTNERS),
)
