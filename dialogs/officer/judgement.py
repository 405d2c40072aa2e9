"""The officer's own judgement and the steps that were done, as a conversation."""

from collections.abc import Mapping

from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import CaseFile
from dialogs.domain.criteria import Form
from dialogs.domain.free_text import TextRefused, shown_again
from dialogs.knowledge import Knowledge
from dialogs.officer.case_buttons import CaseButton, Place, to_owner
from dialogs.officer.case_sections import back_button
from dialogs.officer.parts import note_line, signal_button
from dialogs.officer.press import Acts, Press
from dialogs.turn import Card, ChoiceField, Line, Option, Style, TextField, Weight
from dialogs.use_cases.case_work import OutOfDate
from dialogs.use_cases.judging import MOST_REASON, JudgementIncomplete, Judging, Opinion

#: The most severe first, as an officer asks it.
_OUTCOMES = (Outcome.ACUTE, Outcome.CLEAR, Outcome.VAGUE, Outcome.OTHER, Outcome.NONE)
_NO_FORM = "unknown"


async def judge_form(press: Press) -> Card:
    """What the officer makes of it; what stands there now is filled in."""
    case = await press.work.own(press.signal_id, press.version)
    judged = case.judgement
    outcome, forms = case.signal.assessment.outcome, case.signal.assessment.forms
    form = judged.form if judged else next(iter(forms), None)
    filled = {
        "outcome": (judged.outcome if judged else outcome).value,
        "form": form or _NO_FORM,
        "riec": "yes" if judged and judged.riec else "",
        "reason": press.filled("reason"),
    }
    return judge_card(case, press.knowledge, filled)


async def judge(press: Press) -> Card:
    """Write it down; the checklist follows."""
    form = press.filled("form")
    opinion = Opinion(
        press.filled("outcome"),
        "" if form == _NO_FORM else form,
        press.filled("reason"),
        riec=press.filled("riec") == "yes",
    )
    try:
        case = await Judging(press.work).judge(press.signal_id, press.version, opinion)
    except JudgementIncomplete:
        return await _again(press, press.texts("judge.incomplete"))
    except TextRefused as refused:
        return await _again(press, press.why_refused(refused, MOST_REASON, "judge.incomplete"))
    except OutOfDate as outdated:
        case = outdated.case
        form = judge_card(case, press.knowledge, press.pressed.inputs, press.what_changed(case))
        return press.with_what_was_typed(form, case)
    return await press.case_card(case, press.texts("judge.done"))


async def tick(press: Press) -> Card:
    """Say that a step was done, or was not."""
    token, done = (press.pressed.data.get(key, "") for key in ("token", "done"))
    try:
        case = await Judging(press.work).tick(press.signal_id, token, done=done == "yes")
    except KeyError:
        case = await press.work.open(press.signal_id)
        return await press.case_card(case, press.texts("checklist.gone"))
    return await press.case_card(case)


def judge_card(case: CaseFile, knowledge: Knowledge, filled: Mapping[str, str], fault: str = "") -> Card:
    """Pure, still vague or something else, of which form, and why."""
    texts, said = knowledge.texts, filled.get
    outcomes = tuple(Option(outcome, texts(f"judge.outcome.{outcome}")) for outcome in _OUTCOMES)
    forms = (*(Option(form, texts(f"form.{form}")) for form in Form), Option(_NO_FORM, texts("form.unknown")))
    return Card(
        title=texts("judge.title", reference=case.signal.reference),
        elements=(
            *note_line(fault, Style.ALARM),
            Line(texts("judge.text", outcome=texts(f"outcome.{case.signal.assessment.outcome}"))),
            ChoiceField(
                "outcome",
                texts("judge.outcome.label"),
                outcomes,
                tuple(each.key for each in outcomes if each.key == said("outcome")),
                required=True,
                error=texts("judge.incomplete"),
            ),
            ChoiceField(
                "form",
                texts("judge.form"),
                forms,
                tuple(each.key for each in forms if each.key == said("form")),
                compact=True,
            ),
            ChoiceField(
                "riec",
                texts("judge.riec_label"),
                (Option("yes", texts("judge.riec")),),
                ("yes",) if said("riec") == "yes" else (),
                many=True,
            ),
            TextField(
                "reason",
                texts("judge.reason"),
                shown_again(said("reason", ""), most=MOST_REASON),
                multiline=True,
                required=True,
                error=texts("judge.incomplete"),
                max_length=MOST_REASON,
            ),
        ),
        buttons=(
            signal_button(
                case.signal, texts("button.judge"), "signal.judge", Weight.MAIN, events=str(len(case.history))
            ),
            back_button(case, knowledge),
        ),
        summary=texts("case.title", reference=case.signal.reference),
    )


async def _again(press: Press, fault: str) -> Card:
    case = await press.work.own(press.signal_id, press.version)
    return judge_card(case, press.knowledge, press.pressed.inputs, fault)


ACTS: Acts = {"judge_form": judge_form, "judge": judge, "tick": tick}
BUTTONS = (CaseButton("button.judge_form", "signal.judge_form", to_owner, Place.WEIGHING),)
