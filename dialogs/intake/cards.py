"""The cards of the intake: a page of questions, the summary, and the question what to do when stopping."""

from collections.abc import Mapping
from itertools import groupby

from dialogs.domain.criteria import Criterion
from dialogs.domain.signals import Draft
from dialogs.intake.flow import Flow
from dialogs.intake.questions import Kind, Page, Question
from dialogs.intake.summary import read_back
from dialogs.knowledge import Knowledge
from dialogs.texts import Texts
from dialogs.turn import Button, Card, ChoiceField, Element, Entry, Line, Option, Style, TextField, Weight

#: At most this many choices become buttons; more become a list.
_MOST_BUTTONS = 3


def suggested_keys(draft: Draft) -> tuple[str, ...]:
    """The criteria that were read in the story, each once, in the order of the text."""
    return tuple(dict.fromkeys(suggestion.criterion for suggestion in draft.suggestions))


def page_card(
    draft: Draft,
    flow: Flow,
    page: Page,
    questions: tuple[Question, ...],
    knowledge: Knowledge,
    note: str,
    errors: Mapping[str, str],
) -> Card:
    """A page of questions: one choice becomes buttons, anything else fields and *Verder*."""
    texts = knowledge.texts
    elements: list[Element] = [*_note(note), *_introduction(draft, flow, page, texts)]
    only = questions[0] if len(questions) == 1 else None
    choices = only.choices(flow.situation) if only and only.kind is Kind.CHOICE else ()
    if only and 0 < len(choices) <= _MOST_BUTTONS:
        title = only.text
        buttons = [
            _button(draft, option.title, "intake.answer", Weight.PLAIN, unchecked=True, question=only.key, value=option.key)
            for option in choices
        ]
    else:
        title = texts(f"intake.title.{page}")
        for question in questions:
            elements += _fields(question, draft, flow, knowledge, errors.get(question.key, ""))
        buttons = [_button(draft, texts("button.next"), "intake.answer", Weight.MAIN)]
    ways_out = _ways_out(draft, flow, page, questions, texts, skip=not choices)
    return _card(draft, flow, page, title, elements, [*buttons, *ways_out], texts)


def summary_card(draft: Draft, flow: Flow, knowledge: Knowledge, note: str) -> Card:
    """All answers with a button to change each, who will see it, and *Versturen*."""
    texts = knowledge.texts
    lines = read_back(
        flow.answers_that_count(), knowledge.questions, flow.situation, knowledge.criteria, texts("intake.nothing")
    )
    elements: list[Element] = [*_note(note)]
    if flow.situation.acute:
        elements.append(Line(texts("danger.call"), Style.ALARM))
    elements += [
        Entry(
            line.question.name,
            line.words,
            _button(
                draft,
                texts("button.edit", name=line.question.name.lower()),
                "intake.edit",
                unchecked=True,
                question=line.question.key,
            ),
        )
        for line in lines
    ]
    elements.append(Line(texts("intake.who_sees"), Style.QUIET))
    buttons = [
        _button(draft, texts("button.send_practice" if draft.practice else "button.send"), "intake.send", Weight.MAIN),
        _button(draft, texts("button.back"), "intake.back", unchecked=True),
        _button(draft, texts("button.stop"), "intake.stop", unchecked=True),
    ]
    return _card(draft, flow, None, texts("intake.title.summary"), elements, buttons, texts)


def stop_card(draft: Draft, texts: Texts, note: str) -> Card:
    """Keep or wipe: nothing is thrown away before somebody says so."""
    return Card(
        title=texts("intake.stop.title"),
        elements=(*_note(note), Line(texts("intake.stop.text"))),
        buttons=(
            _button(draft, texts("button.keep"), "intake.keep", unchecked=True),
            _button(draft, texts("button.wipe"), "intake.wipe", Weight.DANGER, unchecked=True),
            _button(draft, texts("button.resume"), "intake.resume", Weight.MAIN, unchecked=True),
        ),
        summary=texts("intake.summary"),
        practice=draft.practice,
    )


def _card(
    draft: Draft,
    flow: Flow,
    page: Page | None,
    title: str,
    elements: list[Element],
    buttons: list[Button],
    texts: Texts,
) -> Card:
    return Card(
        title=title,
        elements=tuple(elements),
        buttons=tuple(buttons),
        summary=texts("intake.summary"),
        progress=flow.progress(page),
        practice=draft.practice,
    )


def _button(
    draft: Draft, title: str, action: str, weight: Weight = Weight.PLAIN, *, unchecked: bool = False, **data: str
) -> Button:
    return Button(title, action, {"draft": draft.id, "version": str(draft.version), **data}, weight, unchecked)


def _ways_out(
    draft: Draft, flow: Flow, page: Page, questions: tuple[Question, ...], texts: Texts, *, skip: bool
) -> list[Button]:
    """Send, back, skip and stop; where "weet ik niet" is a button, skipping is that."""
    buttons: list[Button] = []
    must = any(question.required for question in questions)
    if draft.answers.get("story"):
        # What is filled in goes along, unless a required field would then hold the sending up.
        buttons.append(_button(draft, texts("button.send_now"), "intake.send", unchecked=must))
    if flow.page_before(page) is not None:
        buttons.append(_button(draft, texts("button.back"), "intake.back", unchecked=True))
    if skip and not must:
        buttons.append(_button(draft, texts("button.skip"), "intake.skip", unchecked=True))
    buttons.append(_button(draft, texts("button.stop"), "intake.stop", unchecked=True))
    return buttons


def _note(note: str) -> tuple[Line, ...]:
    return (Line(note, Style.HEADING),) if note else ()


def _introduction(draft: Draft, flow: Flow, page: Page, texts: Texts) -> list[Element]:
    if flow.situation.acute and page is not Page.DANGER:
        return [Line(texts("danger.call"), Style.ALARM), Line(texts("danger.then_report"))]
    match page:
        case Page.DANGER:
            return [Line(texts("intake.danger"), Style.QUIET)]
        case Page.STORY:
            return [Line(texts("intake.story")), Line(texts("intake.story_not"), Style.QUIET)]
        case Page.DANGER_CHECK:
            return [
                Line(texts("intake.danger_check")),
                Line(draft.danger_quote or "", Style.QUOTE, verbatim=True),
                Line(texts("intake.danger"), Style.QUIET),
            ]
        case Page.SIGNS:
            return [Line(texts("intake.signs" if draft.suggestions else "intake.signs_nothing_read"))]
        case Page.AGE:
            return [Line(texts("intake.age_read" if draft.minor_read else "intake.age"), Style.QUIET)]
        case Page.PURPOSE:
            return [Line(texts("intake.purpose"), Style.QUIET)]
        case Page.CIRCUMSTANCES:
            return [Line(texts("intake.circumstances"), Style.QUIET)]
        case Page.OFFICER:
            return [Line(texts("intake.officer"), Style.QUIET)]


def _fields(question: Question, draft: Draft, flow: Flow, knowledge: Knowledge, error: str) -> list[Element]:
    answer = draft.answers.get(question.key)
    match question.kind:
        case Kind.TEXT:
            field = TextField(
                key=question.key,
                label=question.text,
                value=answer if isinstance(answer, str) else question.default,
                hint=question.hint,
                multiline=question.multiline,
                required=question.required,
                error=question.error,
                max_length=question.max_length,
            )
        case Kind.CHOICE:
            field = ChoiceField(
                key=question.key,
                label=question.text,
                options=question.choices(flow.situation),
                value=(answer if isinstance(answer, str) else question.default,),
                required=question.required,
                error=question.error,
                hint=question.hint,
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
    suggested = suggested_keys(draft)
    quotes = {suggestion.criterion: suggestion.quote for suggestion in reversed(draft.suggestions)}
    fields: list[Element] = []
    if suggested:
        options = tuple(
            Option(key, knowledge.texts("intake.read", sentence=knowledge.criteria[key].sentence, quote=quotes[key]))
            for key in suggested
        )
        fields.append(_tick_field(question.key, knowledge.texts("intake.signs_read"), options, chosen))
    rest = sorted((c for c in knowledge.criteria if c.key not in suggested), key=lambda c: c.theme)
    for number, (theme, group) in enumerate(groupby(rest, key=_theme), start=1):
        options = tuple(Option(criterion.key, criterion.sentence) for criterion in group)
        fields.append(_tick_field(f"{question.key}.{number}", theme, options, chosen, folded=True))
    return fields


def _theme(criterion: Criterion) -> str:
    return criterion.theme


def _tick_field(
    key: str, label: str, options: tuple[Option, ...], chosen: tuple[str, ...], *, folded: bool = False
) -> ChoiceField:
    ticked = tuple(option.key for option in options if option.key in chosen)
    return ChoiceField(key, label, options, ticked, many=True, folded=folded and not ticked)
