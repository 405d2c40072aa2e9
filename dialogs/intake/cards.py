"""The cards of the intake: a page of questions, the summary, and the question what to do when stopping."""

from collections.abc import Mapping
from itertools import groupby

from dialogs.domain.criteria import Criteria, Criterion
from dialogs.domain.signals import Answer, Draft
from dialogs.intake.flow import Flow
from dialogs.intake.questions import Kind, Page, Question
from dialogs.intake.summary import AnsweredQuestion, own_words, read_back
from dialogs.knowledge import Knowledge
from dialogs.texts import Texts
from dialogs.turn import Button, Card, ChoiceField, Element, Entry, Facts, Line, Option, Style, TextField, Weight

#: At most this many choices become buttons; more become a list.
_MOST_BUTTONS = 3
#: So much of the story stands above the boxes to tick: enough to remember it by.
_STORY_SHOWN = 300
#: So much of an answer stands in the summary: with 28 KB a card is full for Teams (Microsoft Learn, "Cards reference").
#: All of it is sent, and all of it opens on *Wijzig*.
_ANSWER_SHOWN = 1500


def suggested_keys(draft: Draft, criteria: Criteria) -> tuple[str, ...]:
    """The criteria that were read in the story, each once, in the order of the text; not what left the file since."""
    read = dict.fromkeys(suggestion.criterion for suggestion in draft.suggestions)
    return tuple(key for key in read if key in criteria)


def page_card(
    draft: Draft,
    flow: Flow,
    page: Page,
    questions: tuple[Question, ...],
    knowledge: Knowledge,
    note: str,
    errors: Mapping[str, str],
    refused: Mapping[str, str],
) -> Card:
    """A page of questions: one choice becomes buttons, anything else fields and *Verder*.

    `errors` and `refused`, by question key: why an answer cannot be stored, and what was filled in.
    """
    texts = knowledge.texts
    elements: list[Element] = [*_note(note), *_introduction(draft, flow, page, texts)]
    elements += _told_before(draft, flow, page, questions, knowledge)
    only = questions[0] if len(questions) == 1 else None
    choices = only.choices(flow.situation) if only and only.kind is Kind.CHOICE else ()
    asked = ",".join(question.key for question in questions)
    if only and 0 < len(choices) <= _MOST_BUTTONS:
        title = only.text
        buttons = [
            _button(
                draft, option.title, "intake.answer", Weight.PLAIN, unchecked=True, question=only.key, value=option.key
            )
            for option in choices
        ]
    else:
        title = texts(f"intake.title.{_title_page(draft, flow, page)}")
        for question in questions:
            filled = refused.get(question.key, "")
            elements += _fields(question, draft, flow, knowledge, errors.get(question.key, ""), filled)
        buttons = [_button(draft, texts("button.next"), "intake.answer", Weight.MAIN, asked=asked)]
    buttons += _ways_out(draft, flow, page, questions, texts, asked, skip=not choices)
    return _card(draft, flow, page, title, elements, buttons, texts)


def summary_card(draft: Draft, flow: Flow, knowledge: Knowledge, note: str) -> Card:
    """All answers with a button to change each, who will see it, and *Versturen*."""
    texts = knowledge.texts
    changeable = {question.key for question in flow.applying()}
    elements: list[Element] = [*_note(note)]
    if flow.situation.acute:
        elements.append(Line(texts("danger.call"), Style.ALARM))
    for line in _read_back(flow.answers_that_count(), flow, knowledge):
        title = texts("button.edit", name=line.question.name.lower())
        edit = _button(draft, title, "intake.edit", unchecked=True, question=line.question.key)
        button = edit if line.question.key in changeable else None
        elements.append(Entry(line.question.name, _beginning(line.words, _ANSWER_SHOWN), button))
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
    draft: Draft,
    flow: Flow,
    page: Page,
    questions: tuple[Question, ...],
    texts: Texts,
    asked: str,
    *,
    skip: bool,
) -> list[Button]:
    """Send, back, skip and stop; where "weet ik niet" is a button, skipping is that.

    What is filled in goes along, so that no word is lost; only a choice that must be made would hold the button up.
    """
    buttons: list[Button] = []
    held_up = any(question.required and question.kind is Kind.CHOICE for question in questions)
    if draft.answers.get("story") or page is Page.STORY:
        buttons.append(_button(draft, texts("button.send_now"), "intake.send", unchecked=held_up, asked=asked))
    if flow.page_before(page) is not None:
        buttons.append(_button(draft, texts("button.back"), "intake.back", unchecked=held_up, asked=asked))
    if skip and not any(question.required for question in questions):
        buttons.append(_button(draft, texts("button.skip"), "intake.skip", unchecked=held_up, asked=asked))
    buttons.append(_button(draft, texts("button.stop"), "intake.stop", unchecked=held_up, asked=asked))
    return buttons


def _title_page(draft: Draft, flow: Flow, page: Page) -> Page:
    """In the short form the story's page goes on with the few other things once the story is told."""
    told = flow.situation.short_form and "story" in draft.answers and draft.focus is None
    return Page.CIRCUMSTANCES if page is Page.STORY and told else page


def _told_before(
    draft: Draft, flow: Flow, page: Page, questions: tuple[Question, ...], knowledge: Knowledge
) -> list[Element]:
    """To read back while answering: the beginning of the story above the boxes, and what this page has already."""
    answers = draft.answers
    shown: dict[str, Answer] = {}
    if page is Page.SIGNS and (story := own_words(answers.get("story", ""))):
        shown["story"] = _beginning(story, _STORY_SHOWN)
    asked = {question.key for question in questions}
    if draft.focus is None:
        shown |= {q.key: answers[q.key] for q in flow.applying(page) if q.key in answers and q.key not in asked}
    lines = _read_back(shown, flow, knowledge)
    return [Facts(tuple((line.question.name, line.words) for line in lines))] if lines else []


def _beginning(text: str, most: int) -> str:
    """The text, or its first whole words."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def _read_back(answers: Mapping[str, Answer], flow: Flow, knowledge: Knowledge) -> tuple[AnsweredQuestion, ...]:
    nothing = knowledge.texts("intake.nothing")
    return read_back(answers, knowledge.questions, flow.situation, knowledge.criteria, nothing)


def _note(note: str) -> tuple[Line, ...]:
    return (Line(note, Style.HEADING),) if note else ()


def _introduction(draft: Draft, flow: Flow, page: Page, texts: Texts) -> list[Element]:
    if flow.situation.acute and page is not Page.DANGER:
        return [Line(texts("danger.call"), Style.ALARM), Line(texts("danger.then_report"))]
    match page:
        case Page.STORY:
            return [Line(texts("intake.story")), Line(texts("intake.story_not"), Style.QUIET)]
        case Page.DANGER_CHECK:
            read = Line(draft.danger_quote or "", Style.QUOTE, verbatim=True)
            return [Line(texts("intake.danger_check")), read, Line(texts("intake.danger"), Style.QUIET)]
        case Page.SIGNS:
            return [Line(texts("intake.signs" if draft.suggestions else "intake.signs_nothing_read"))]
        case Page.AGE if draft.minor_read:
            return [Line(texts("intake.age_read"), Style.QUIET)]
        case _:
            return [Line(texts(_INTRODUCTIONS[page]), Style.QUIET)]


_INTRODUCTIONS = {
    Page.DANGER: "intake.danger",
    Page.AGE: "intake.age",
    Page.PURPOSE: "intake.purpose",
    Page.FOLLOW_UP: "intake.follow_up",
    Page.CIRCUMSTANCES: "intake.circumstances",
    Page.OFFICER: "intake.officer",
}


def _fields(
    question: Question, draft: Draft, flow: Flow, knowledge: Knowledge, error: str, refused: str
) -> list[Element]:
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
    fields: list[Element] = []
    if suggested:
        options = tuple(
            Option(key, knowledge.texts("intake.read", sentence=knowledge.criteria[key].sentence, quote=quotes[key]))
            for key in suggested
        )
        fields.append(_tick_field(question.key, knowledge.texts("intake.signs_read"), options, chosen, error))
    rest = sorted((c for c in knowledge.criteria if c.key not in suggested), key=lambda c: c.theme)
    for number, (theme, group) in enumerate(groupby(rest, key=_theme), start=1):
        options = tuple(Option(criterion.key, criterion.sentence) for criterion in group)
        fields.append(_tick_field(f"{question.key}.{number}", theme, options, chosen, error, folded=True))
    return fields


def _theme(criterion: Criterion) -> str:
    return criterion.theme


def _tick_field(
    key: str, label: str, options: tuple[Option, ...], chosen: tuple[str, ...], error: str, *, folded: bool = False
) -> ChoiceField:
    ticked = tuple(option.key for option in options if option.key in chosen)
    return ChoiceField(key, label, options, ticked, many=True, error=error, folded=folded and not ticked)
