"""The answers as people read them back: the same lines for the reporter's summary and for the focal officer."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.domain.criteria import Criteria
from dialogs.domain.signals import Answer, Answers
from dialogs.intake.questions import SKIPPED, Kind, Question, Situation
from dialogs.turn import Option


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question's name and its answer in words."""

    question: Question
    words: str


def read_back(
    answers: Answers, questions: Sequence[Question], situation: Situation, criteria: Criteria, nothing: str
) -> tuple[AnsweredQuestion, ...]:
    """Every answer in the order of the questions, retired ones included; `nothing` stands for an empty answer."""
    return tuple(
        AnsweredQuestion(question, _words(question, answers[question.key], situation, criteria) or nothing)
        for question in questions
        if question.key in answers
    )


def _words(question: Question, answer: Answer, situation: Situation, criteria: Criteria) -> str:
    match question.kind:
        case Kind.TICKS:
            keys = answer if isinstance(answer, tuple) else (answer,)
            return "\n".join(f"- {criteria[key].sentence}" for key in keys if key in criteria)
        case Kind.CHOICE:
            return _title(question.choices(situation), str(answer))
        case Kind.TEXT:
            return "" if answer == SKIPPED else str(answer)


def _title(options: tuple[Option, ...], key: str) -> str:
    return next((option.title for option in options if option.key == key), "Weet ik niet")
