"""The answers as people read them back: the same lines for the reporter's summary and for the focal officer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.domain.criteria import Criteria
from dialogs.domain.signals import Answer, Answers
from dialogs.intake import follow_up
from dialogs.intake.moments import Moment
from dialogs.intake.questions import FOLLOW_UP, SKIPPED, UNKNOWN, Kind, Page, Question, Situation
from dialogs.texts import Texts
from dialogs.turn import Option


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question's name and its answer in words; for what was asked about single criteria, all of it in one."""

    question: Question
    words: str


def read_back(
    answers: Answers,
    questions: Sequence[Question],
    situation: Situation,
    criteria: Criteria,
    texts: Texts,
    *,
    in_short: bool = False,
) -> tuple[AnsweredQuestion, ...]:
    """Every answer in the order of the pages, retired questions included.

    `in_short`: the single criteria that the reporter does not know of or passed over are counted, and not each named.
    """
    nothing = texts("intake.nothing")
    lines = [
        AnsweredQuestion(question, _words(question, answers[question.key], situation, criteria) or nothing)
        for question in questions
        if question.key in answers
    ]
    asked = tuple(key for key in follow_up.answered(answers) if key in criteria)
    if asked:
        together = follow_up.question_for(asked[0], criteria[asked[0]].sentence)
        options = (*together.choices(situation), Option(SKIPPED, texts("intake.skipped")))
        said = {key: str(answers[FOLLOW_UP + key]) for key in asked}
        counted = (UNKNOWN, SKIPPED) if in_short else ()
        words = [f"- {_option(options, said[k])}: {criteria[k].sentence}" for k in asked if said[k] not in counted]
        often = Counter(answer for answer in said.values() if answer in counted)
        words += [texts("intake.counted", answer=_option(options, each), count=often[each]) for each in often]
        lines.append(AnsweredQuestion(together, "\n".join(words)))
    pages = list(Page)
    return tuple(sorted(lines, key=lambda line: pages.index(line.question.page)))


def beginning(text: str, most: int) -> str:
    """The text, or its first whole words."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def own_words(answer: Answer) -> str:
    """The text of an answer in own words; of a moment the words, not what was read in them."""
    return answer if isinstance(answer, str) else "".join(answer[:1])


def _words(question: Question, answer: Answer, situation: Situation, criteria: Criteria) -> str:
    match question.kind:
        case Kind.TICKS:
            keys = answer if isinstance(answer, tuple) else (answer,)
            return "\n".join(f"- {criteria[key].sentence}" for key in keys if key in criteria)
        case Kind.CHOICE:
            return _option(question.choices(situation), str(answer)) if answer != SKIPPED else ""
        case Kind.MOMENT if isinstance(answer, tuple):
            words, stored = answer
            return f"{words} ({Moment.from_stored(stored)})"
        case Kind.TEXT | Kind.MOMENT:
            return "" if answer == SKIPPED else str(answer)


def _option(options: tuple[Option, ...], key: str) -> str:
    return next((option.title for option in options if option.key == key), "Weet ik niet")
