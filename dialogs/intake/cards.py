"""The cards of the intake: a page of questions, and the question what to do when stopping."""

from collections.abc import Mapping

from dialogs.domain.signals import Answer, Draft
from dialogs.intake.fields import error_lines, fields_of, follow_up_fields
from dialogs.intake.flow import Flow
from dialogs.intake.questions import FOLLOW_UP, Kind, Page, Question
from dialogs.intake.summary import beginning, own_words, read_back
from dialogs.knowledge import Knowledge
from dialogs.texts import Texts
from dialogs.turn import Button, Card, Element, Facts, Folded, Line, Style, Weight

#: At most this many choices become buttons; more become a list.
_MOST_BUTTONS = 3
#: So much of an answer stands on a later card: enough to remember it by.
_SHOWN = 300
#: The pages that have a title of their own.
TITLED = frozenset({Page.STORY, Page.SIGNS, Page.FOLLOW_UP, Page.CIRCUMSTANCES})


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
    """A page of questions: one choice becomes buttons, anything else fields and *Volgende*.

    `errors` and `refused`, by question key: why an answer cannot be stored, and what was filled in.
    """
    texts = knowledge.texts
    elements: list[Element] = [*note_lines(note), *_introduction(draft, flow, page, texts)]
    elements += _told_before(draft, flow, page, questions, knowledge)
    only = questions[0] if len(questions) == 1 else None
    choices = only.choices(flow.situation) if only and only.kind is Kind.CHOICE else ()
    asked = ",".join(question.key for question in questions)
    if only and 0 < len(choices) <= _MOST_BUTTONS:
        title = only.text
        elements += error_lines(errors.get(only.key, ""))
        buttons = [
            button(
                draft, option.title, "intake.answer", Weight.PLAIN, unchecked=True, question=only.key, value=option.key
            )
            for option in choices
        ]
    else:
        title = _title(_title_page(draft, flow, page), questions, texts)
        listed = [question for question in questions if question.key.startswith(FOLLOW_UP)]
        for question in (each for each in questions if each not in listed):
            error, filled = errors.get(question.key, ""), refused.get(question.key, "")
            elements += fields_of(question, draft, flow, knowledge, error, filled)
        elements += follow_up_fields(listed, draft, texts, errors) if listed else []
        buttons = [button(draft, texts("button.next"), "intake.answer", Weight.MAIN, asked=asked)]
    buttons += _ways_out(draft, flow, page, questions, texts, asked, skip=not choices)
    elements += _answers_so_far(draft, flow, page, knowledge)
    return intake_card(draft, flow, page, title, elements, buttons, texts)


def stop_card(draft: Draft, texts: Texts, note: str) -> Card:
    """Keep or wipe: nothing is thrown away before somebody says so."""
    return Card(
        title=texts("intake.stop.title"),
        elements=(*note_lines(note), Line(texts("intake.stop.text"))),
        buttons=(
            button(draft, texts("button.keep"), "intake.keep", unchecked=True),
            button(draft, texts("button.wipe"), "intake.wipe", Weight.DANGER, unchecked=True),
            button(draft, texts("button.resume"), "intake.resume", Weight.MAIN, unchecked=True),
        ),
        summary=texts("intake.summary"),
        practice=draft.practice,
    )


def intake_card(
    draft: Draft,
    flow: Flow,
    page: Page | None,
    title: str,
    elements: list[Element],
    buttons: list[Button],
    texts: Texts,
) -> Card:
    """A card with its progress; page None is the summary."""
    return Card(
        title=title,
        elements=tuple(elements),
        buttons=tuple(buttons),
        summary=texts("intake.summary"),
        progress=flow.progress(page),
        practice=draft.practice,
    )


def button(
    draft: Draft,
    title: str,
    action: str,
    weight: Weight = Weight.PLAIN,
    *,
    unchecked: bool = False,
    name: str = "",
    **data: str,
) -> Button:
    """A button that knows the draft and its version."""
    return Button(title, action, {"draft": draft.id, "version": str(draft.version), **data}, weight, unchecked, name)


def note_lines(note: str) -> tuple[Line, ...]:
    """A remark on top, if there is one."""
    return (Line(note, Style.HEADING),) if note else ()


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
    ways: list[Button] = []
    held_up = any(question.required and question.kind is Kind.CHOICE for question in questions)
    if not held_up and (draft.answers.get("story") or page is Page.STORY):
        ways.append(button(draft, texts("button.send_now"), "intake.send", asked=asked))
    if draft.focus is not None or flow.page_before(page) is not None:
        ways.append(button(draft, texts("button.back"), "intake.back", unchecked=held_up, asked=asked))
    if skip and not any(question.required for question in questions):
        ways.append(button(draft, texts("button.skip"), "intake.skip", asked=asked))
    ways.append(button(draft, texts("button.stop"), "intake.stop", unchecked=held_up, asked=asked))
    return ways


def _title(page: Page, questions: tuple[Question, ...], texts: Texts) -> str:
    """A page without a title of its own is called by its question."""
    return texts(f"intake.title.{page}") if page in TITLED else questions[0].text


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
        shown["story"] = beginning(story, _SHOWN)
    asked = {question.key for question in questions}
    if draft.focus is None:
        shown |= {q.key: answers[q.key] for q in flow.applying(page) if q.key in answers and q.key not in asked}
    rows = _read_back(shown, flow, knowledge)
    return [Facts(rows)] if rows else []


def _answers_so_far(draft: Draft, flow: Flow, page: Page, knowledge: Knowledge) -> list[Element]:
    """What was answered on the pages before, folded; above the boxes to tick the story stands already."""
    if page is Page.SIGNS:
        return []
    here = {question.key for question in flow.applying(page)}
    rows = _read_back({key: each for key, each in draft.answers.items() if key not in here}, flow, knowledge)
    return [Folded("so_far", knowledge.texts("intake.so_far"), (Facts(rows),))] if rows else []


def _read_back(answers: Mapping[str, Answer], flow: Flow, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    lines = read_back(answers, knowledge.questions, flow.situation, knowledge.criteria, knowledge.texts, in_short=True)
    return tuple((line.question.name, beginning(line.words, _SHOWN)) for line in lines)


def _introduction(draft: Draft, flow: Flow, page: Page, texts: Texts) -> list[Element]:
    if flow.situation.acute and page is not Page.DANGER:
        return [Line(texts("danger.call"), Style.ALARM), Line(texts("danger.then_report"))]
    match page:
        case Page.STORY:
            return [Line(texts("intake.story")), Line(texts("intake.story_not"), Style.QUIET)]
        case Page.DANGER_CHECK:
            read = Line(draft.danger_quote or "", Style.QUOTE, verbatim=True)
            return [Line(texts("intake.danger_check")), read, Line(texts("intake.danger"))]
        case Page.SIGNS:
            return [Line(texts("intake.signs" if draft.suggestions else "intake.signs_nothing_read"))]
        case Page.AGE if draft.minor_quote:
            read = Line(draft.minor_quote, Style.QUOTE, verbatim=True)
            return [Line(texts("intake.danger_check")), read, Line(texts("intake.age_read"), Style.QUIET)]
        case _:
            return [Line(texts(_INTRODUCTIONS[page]), Style.PLAIN if page is Page.DANGER else Style.QUIET)]


_INTRODUCTIONS = {
    Page.DANGER: "intake.danger",
    Page.AGE: "intake.age",
    Page.PURPOSE: "intake.purpose",
    Page.FOLLOW_UP: "intake.follow_up",
    Page.CIRCUMSTANCES: "intake.circumstances",
    Page.OFFICER: "intake.officer",
}
