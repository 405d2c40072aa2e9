"""The field of a question: to write in, to choose from, to tick."""

from itertools import groupby

from dialogs.domain.criteria import Criteria, Criterion
from dialogs.domain.signals import Draft
from dialogs.intake.flow import Flow
from dialogs.intake.questions import Kind, Question
from dialogs.intake.summary import own_words
from dialogs.knowledge import Knowledge
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
    answer = draft.answers.get(question.key, question.default)
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
            return [*_error(error), *_ticks(question, draft, knowledge)]
    return [*_error(error), field]


def _error(error: str) -> tuple[Line, ...]:
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
