"""The summary: what was answered, part by part, with a way to change each, who will see it, and *Versturen*."""

from collections.abc import Sequence
from itertools import groupby

from dialogs.domain.access import Reader
from dialogs.domain.signals import Draft
from dialogs.intake.cards import button, intake_card, note_lines
from dialogs.intake.flow import Flow, kept_from
from dialogs.intake.questions import Page
from dialogs.intake.summary import AnsweredQuestion, beginning, read_back
from dialogs.knowledge import Knowledge
from dialogs.texts import Texts
from dialogs.turn import Card, Element, Entry, Line, Style, Weight

#: So much of an answer is shown, for the length of a phone's screen. All of it is sent, and all opens on *Wijzig*.
_SHOWN = 400

#: The title of the button, and who sees what is sent.
_READ_BY = {
    Reader.OFFICER: ("button.send", "intake.who_sees"),
    Reader.CONFIDANT: ("button.send_confidant", "intake.confidant_sees"),
    Reader.NOBODY: ("button.send_to_wait", "intake.waits"),
}


def summary_card(draft: Draft, flow: Flow, knowledge: Knowledge, note: str) -> Card:
    """All answers; those of one page stand together and are changed together."""
    texts = knowledge.texts
    elements: list[Element] = [*note_lines(note)]
    if flow.situation.acute:
        elements.append(Line(texts("danger.call"), Style.ALARM))
    counting = flow.answers_that_count()
    lines = read_back(
        counting,
        knowledge.questions,
        flow.situation,
        knowledge.criteria,
        texts,
        in_short=True,
    )
    pages = list(Page)
    lines = sorted(lines, key=lambda line: pages.index(flow.page_of(line.question)))
    for page, part in groupby(lines, key=lambda line: flow.page_of(line.question)):
        elements.append(_part(draft, flow, page, list(part), texts))
    if draft.practice:
        send, who_sees = "button.send_practice", "intake.nobody_sees"
    else:
        send, who_sees = _READ_BY[knowledge.staff.reader(kept_from(counting, knowledge.staff))]
    elements.append(Line(texts(who_sees), Style.QUIET))
    buttons = [
        button(draft, texts(send), "intake.send", Weight.MAIN),
        button(draft, texts("button.back"), "intake.back", unchecked=True),
        button(draft, texts("button.stop"), "intake.stop", unchecked=True),
    ]
    return intake_card(draft, flow, None, texts("intake.title.summary"), elements, buttons, texts)


def _part(draft: Draft, flow: Flow, page: Page, lines: Sequence[AnsweredQuestion], texts: Texts) -> Entry:
    first = lines[0].question
    label = texts("intake.part.circumstances") if page is Page.CIRCUMSTANCES else first.name
    nothing = texts("intake.nothing")
    told = [(line.question, beginning(line.words, _SHOWN)) for line in lines if line.words != nothing]
    value = [words if question.name == label else f"{question.name}: {words}" for question, words in told]
    left = [line.question.name.lower() for line in lines if line.words == nothing]
    if left:
        value.append(texts("intake.left_open", names=", ".join(left)) if len(lines) > 1 else nothing)
    name = texts("button.edit_name", name=label.lower())
    edit = button(draft, texts("button.edit"), "intake.edit", unchecked=True, name=name, page=page)
    return Entry(label, "\n".join(value), edit if flow.applying(page) else None)
