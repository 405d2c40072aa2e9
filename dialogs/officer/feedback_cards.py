"""Closing a signal: which reviewed text the reporter gets, and a line of the officer's own."""

from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.officer.parts import note_line, signal_button
from dialogs.turn import Card, ChoiceField, Line, Option, Style, TextField, Weight

#: The reviewed texts with which a signal is closed: keys of the texts under `feedback.closed`.
CLOSING_TEXTS = ("followed_up", "handed_over", "no_action", "other_help", "under_investigation")


def close_card(signal: Signal, knowledge: Knowledge, note: str = "") -> Card:
    """Which reviewed text the reporter gets, and a line of the officer's own."""
    texts = knowledge.texts
    options = tuple(Option(key, texts(f"feedback.choice.{key}")) for key in CLOSING_TEXTS)
    return Card(
        title=texts("close.title", reference=signal.reference),
        elements=(
            *note_line(note, Style.ALARM),
            Line(texts("close.text")),
            ChoiceField(
                "feedback", texts("close.feedback"), options, required=True, error=texts("close.feedback_missing")
            ),
            TextField("line", texts("feedback.line"), multiline=True, max_length=500),
        ),
        buttons=(
            signal_button(signal, texts("button.close"), "signal.close", Weight.MAIN),
            signal_button(signal, texts("button.cancel"), "signal.open", unchecked=True),
        ),
        summary=texts("case.title", reference=signal.reference),
    )
