"""What came along with a press: read by the questions that stood on the card, whatever a deploy asks by now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.signals import Answer, Draft
from dialogs.intake import follow_up
from dialogs.intake.answers import AnswerRejected, read_fields, reason_in_words, shown_again, skipped
from dialogs.intake.flow import Flow
from dialogs.intake.questions import FOLLOW_UP, Kind, Question
from dialogs.knowledge import Knowledge
from dialogs.turn import Pressed


@dataclass(frozen=True, slots=True)
class Filled:
    """The answers of a press, each by its question's key."""

    answers: Mapping[str, Answer]
    #: The answers that differ from what the card opened with.
    changed: Mapping[str, Answer]
    #: Why an answer cannot be stored, in words.
    errors: Mapping[str, str]
    #: What was filled in and refused, to show again.
    refused: Mapping[str, str]


def filled_in(pressed: Pressed, draft: Draft, flow: Flow, knowledge: Knowledge, now: datetime) -> Filled:
    """Read a press on a card of this draft."""
    said = _button_answer(pressed)
    inputs = dict(pressed.inputs) | follow_up.ticked(pressed.inputs) | said
    asked = _asked(pressed, flow)
    answers: dict[str, Answer] = {}
    errors: dict[str, str] = {}
    refused: dict[str, str] = {}
    for question in asked:
        try:
            answers[question.key] = _read(question, inputs, draft, flow, knowledge, now)
        except AnswerRejected as rejected:
            errors[question.key] = reason_in_words(rejected, question, knowledge.texts)
            refused[question.key] = shown_again(question, inputs.get(question.key, ""))
    opened = {q.key: draft.answers.get(q.key, q.default or skipped(q)) for q in asked}
    changed = {key: each for key, each in answers.items() if key in said or (inputs and each != opened[key])}
    return Filled(answers, changed, errors if inputs or pressed.action == "intake.answer" else {}, refused)


def _button_answer(pressed: Pressed) -> dict[str, str]:
    """The answer that a choice button carries: question key and choice."""
    return {pressed.data["question"]: pressed.data["value"]} if {"question", "value"} <= pressed.data.keys() else {}


def _asked(pressed: Pressed, flow: Flow) -> tuple[Question, ...]:
    """The questions that stood on the card; also a criterion that left the file since."""
    known = {question.key: question for question in flow.questions}
    keys = (pressed.data.get("question") or pressed.data.get("asked", "")).split(",")
    signs = (key.removeprefix(FOLLOW_UP) for key in keys if key.startswith(FOLLOW_UP))
    derived = {FOLLOW_UP + sign: follow_up.question_for(sign, "") for sign in signs if sign.isidentifier()}
    return tuple((derived | known)[key] for key in keys if key in derived | known)


def _read(
    question: Question, inputs: Mapping[str, str], draft: Draft, flow: Flow, knowledge: Knowledge, now: datetime
) -> Answer:
    stored = draft.answers.get(question.key)
    if question.kind is Kind.MOMENT and isinstance(stored, tuple) and stored[0] == inputs.get(question.key):
        return stored  # "gisteren" stays the day that it was when it was written
    answer = read_fields(question, inputs, flow.situation, now)
    if question.kind is Kind.TICKS and isinstance(answer, tuple) and isinstance(stored, tuple):
        # A criterion that left the file stands on no card: what was ticked of it stays.
        return (*answer, *(key for key in stored if key not in knowledge.criteria and key not in answer))
    return answer
