"""The field of a question: to write in, to choose from, to tick."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from dialogs.domain.criteria import Criteria, Criterion
from dialogs.domain.signals import Draft
from dialogs.intake import follow_up
from dialogs.intake.flow import Flow
from dialogs.intake.questions import NO, YES, Kind, Question
from dialogs.intake.summary import own_words
from dialogs.knowledge import Knowledge
from dialogs.texts import Texts
from dialogs.turn import ChoiceField, Element, Line, Option, Style, TextField


def suggested_keys(draft: Draft, criteria: Criteria) -> tuple[str, ...]:
    """The criteria that were read in the story, each once, in the order of the text; not what left the file since."""
    read = dict.fromkeys(suggestion.criterion for suggestion in draft.suggestions)
    return tuple(key for key in read if key in criteria)


def fields_of(
    question: Question, draft: Draft, flow: Flow, knowledge: Knowledge, error: str, refused: str
) -> list[Element]:
    """What a card shows to answer this question, filled in as far as it was answered.

    `error`: why what was filled in cannot be stored; `refused`: that, to go on with.
    """
    texts = knowledge.texts
    answer = draft.answers.get(question.key) or question.default
    match question.kind:
        case Kind.TEXT | Kind.MOMENT:
            # Not marked as required: the client would hold up Terug and Stoppen, and with them what is filled in.
            field = TextField(
                key=question.key,
                label=question.text,
                value=refused or own_words(answer),
                hint=question.hint,
                multiline=question.multiline,
                error=question.error or texts("rejected.too_long", most=question.max_length),
                max_length=question.max_length,
            )
        case Kind.CHOICE:
            field = ChoiceField(
                key=question.key,
                label=question.text,
                options=question.choices(flow.situation),
                value=(own_words(answer),),
                required=question.required,
                error=question.error or texts("rejected.no_such_choice"),
                hint=question.hint,
                compact=question.compact,
            )
        case Kind.TICKS:
            return [*error_lines(error), *_ticks(question, draft, knowledge)]
    return [*error_lines(error), field]


def follow_up_fields(
    questions: Sequence[Question], draft: Draft, texts: Texts, errors: Mapping[str, str]
) -> list[Element]:
    """What is asked about single criteria, as one list to tick; folded the same list, for what is surely not so."""
    options = tuple(Option(question.key, question.text) for question in questions)
    said = {answer: tuple(q.key for q in questions if draft.answers.get(q.key) == answer) for answer in (YES, NO)}
    error = texts("rejected.no_such_number")
    return [
        *error_lines(next((errors[question.key] for question in questions if question.key in errors), "")),
        _tick_field(follow_up.RIGHT, texts("intake.follow_up_right"), options, said[YES], error),
        _tick_field(follow_up.WRONG, texts("intake.follow_up_wrong"), options, said[NO], error, folded=True),
    ]


def error_lines(error: str) -> tuple[Line, ...]:
    """Why what was filled in cannot be stored, if it cannot."""
    return (Line(error, Style.ALARM),) if error else ()


def _ticks(question: Question, draft: Draft, knowledge: Knowledge) -> list[Element]:
    """What was read first, with the words it was read in; then all other criteria, folded, by theme."""
    ticked = draft.answers.get(question.key, ())
    chosen = ticked if isinstance(ticked, tuple) else (ticked,)
    suggested = suggested_keys(draft, knowledge.criteria)
    error = knowledge.texts("rejected.no_such_tick")
    quotes = {suggestion.criterion: suggestion.quote for suggestion in reversed(draft.suggestions)}
    boxes: list[Element] = []
    if suggested:
        options = tuple(
            Option(key, knowledge.texts("intake.read", sentence=knowledge.criteria[key].sentence, quote=quotes[key]))
            for key in suggested
        )
        boxes.append(_tick_field(question.key, knowledge.texts("intake.signs_read"), options, chosen, error))
    rest = sorted((c for c in knowledge.criteria if c.key not in suggested), key=lambda c: c.theme)
    for number, (theme, group) in enumerate(groupby(rest, key=_theme), start=1):
        options = tuple(Option(criterion.key, criterion.sentence) for criterion in group)
        boxes.append(_tick_field(f"{question.key}.{number}", theme, options, chosen, error, folded=True))
    return boxes


def _theme(criterion: Criterion) -> str:
    return criterion.theme


def _tick_field(
    key: str, label: str, options: tuple[Option, ...], chosen: tuple[str, ...], error: str, *, folded: bool = False
) -> ChoiceField:
    ticked = tuple(option.key for option in options if option.key in chosen)
    return ChoiceField(key, label, options, ticked, many=True, error=error, folded=folded and not ticked)
