"""What a person gets outside a dialog: welcome, help, the way from a group to the one-to-one chat."""

from dialogs.domain.access import Actor, Right
from dialogs.knowledge import Knowledge
from dialogs.lessons import lessons_entry
from dialogs.texts import Texts
from dialogs.turn import Button, Card, Element, Line, Style, Weight


def menu_buttons(actor: Actor, texts: Texts) -> tuple[Button, ...]:
    """What this person can start."""
    buttons = (
        Button(texts("button.report"), "menu.report", weight=Weight.MAIN),
        Button(texts("button.my_signals"), "menu.mine"),
        Button(texts("button.numbers"), "menu.numbers"),
        Button(texts("button.practice"), "menu.practice"),
    )
    if actor.may(Right.SEE_QUEUE):
        buttons = (*buttons, Button(texts("button.queue"), "menu.queue"))
    if actor.may(Right.EDIT_DIRECTORY):
        buttons = (*buttons, Button(texts("button.directory"), "entry.list"))
    return buttons


def welcome_card(actor: Actor, knowledge: Knowledge) -> Card:
    """Once, on installation: what this is, what to do in danger, what happens with what you tell."""
    texts = knowledge.texts
    lines: list[Element] = [
        Line(texts("welcome.text", municipality=knowledge.municipality)),
        Line(texts("welcome.doubt")),
        Line(texts("danger.short"), Style.ALARM),
        Line(texts("welcome.privacy"), Style.QUIET),
    ]
    lines.append(lessons_entry(knowledge))
    if actor.may(Right.SEE_QUEUE):
        lines.append(Line(texts("welcome.officer")))
    return Card(texts("welcome.title"), tuple(lines), menu_buttons(actor, texts), summary=texts("welcome.title"))


def help_card(actor: Actor, knowledge: Knowledge, note: str = "") -> Card:
    """What can be typed, and 112."""
    texts = knowledge.texts
    lines: list[Element] = [Line(note, Style.HEADING)] if note else []
    lines += [Line(texts("help.text")), Line(texts("help.words")), Line(texts("danger.short"), Style.ALARM)]
    lines.append(lessons_entry(knowledge))
    return Card(texts("help.title"), tuple(lines), menu_buttons(actor, texts), summary=texts("help.title"))


def group_card(chat_link: str, texts: Texts) -> Card:
    """In a group or channel: not here; the one-to-one chat; take away what was typed."""
    return Card(
        texts("group.title"),
        (
            Line(texts("group.text")),
            Line(texts("group.link", link=chat_link)),
            Line(texts("danger.short"), Style.ALARM),
        ),
        summary=texts("group.title"),
    )


def plain_card(title: str, *lines: Line, summary: str = "") -> Card:
    """A title and some lines, nothing to press."""
    return Card(title, lines, summary=summary or title)


def text_card(texts: Texts, title: str, *lines: str) -> Card:
    """The same, by the keys of its texts."""
    return plain_card(texts(title), *(Line(texts(line)) for line in lines))
