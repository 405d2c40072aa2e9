"""A form of which the reporter reads the result: first shown as it will be read, then sent.

The press that sends carries a mark of what was shown. Who changes a field after that is shown the new text first.
"""

import hashlib
from collections.abc import Mapping

from dialogs.domain.events import EventKind
from dialogs.domain.signals import Signal
from dialogs.feedback_text import feedback_text, officers_words
from dialogs.knowledge import Knowledge
from dialogs.officer.parts import note_line, signal_button
from dialogs.turn import Card, Element, Line, Pressed, Style, Weight


def preview_form(
    signal: Signal,
    title: str,
    fields: tuple[Element, ...],
    knowledge: Knowledge,
    *,
    action: str,
    send: str,
    kind: EventKind,
    content: Mapping[str, str] | None = None,
    fault: str = "",
    note: str = "",
) -> Card:
    """The form; with `content` (as the event will have it) also what the reporter will read, and the button that sends.

    `action` is the press that sends ("signal.close", with "signal.close_preview" to look first) and `send` its words.
    """
    texts = knowledge.texts
    look = f"{action}_preview"
    if content is None:
        buttons = (signal_button(signal, texts("button.preview"), look, Weight.MAIN),)
    else:
        buttons = (
            signal_button(signal, send, action, Weight.MAIN, shown=mark_of(content)),
            signal_button(signal, texts("button.preview_again"), look),
        )
    return Card(
        title=title,
        elements=(
            *note_line(fault, Style.ALARM),
            *note_line(note),
            *(() if content is None else what_reporter_reads(kind, content, signal, knowledge)),
            *fields,
        ),
        buttons=(*buttons, signal_button(signal, texts("button.cancel"), "signal.open", unchecked=True)),
        summary=texts("case.title", reference=signal.reference),
    )


def what_reporter_reads(
    kind: EventKind, content: Mapping[str, str], signal: Signal, knowledge: Knowledge
) -> tuple[Line, ...]:
    """The reviewed text and the officer's own words, as they will stand on the reporter's card."""
    words = officers_words(kind, content)
    return (
        Line(knowledge.texts("preview.heading"), Style.HEADING),
        Line(feedback_text(kind, content, signal, knowledge), Style.GOOD),
        *((Line(words, Style.QUOTE, verbatim=True),) if words else ()),
    )


def was_shown(pressed: Pressed, content: Mapping[str, str]) -> bool:
    """Whether exactly this was on screen when it was sent."""
    return pressed.data.get("shown") == mark_of(content)


def mark_of(content: Mapping[str, str]) -> str:
    """A mark that another text does not have."""
    return hashlib.sha256("\n".join(f"{key}={content[key]}" for key in sorted(content)).encode()).hexdigest()[:16]
