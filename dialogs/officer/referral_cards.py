"""Handing a signal over: to whom, what was agreed, and a line for the reporter."""

from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.officer.checklist import PARTNER_OF
from dialogs.officer.parts import note_line, signal_button
from dialogs.turn import Card, ChoiceField, Line, Option, Style, TextField, Weight


def hand_over_card(signal: Signal, knowledge: Knowledge, note: str = "") -> Card:
    """To whom, what was agreed, and a line for the reporter."""
    texts = knowledge.texts
    on_route = [PARTNER_OF[token] for token in signal.assessment.route if token in PARTNER_OF]
    others = [partner.key for partner in knowledge.directory if partner.key not in (*on_route, "112", "af")]
    keys = [key for key in (*on_route, *others) if key != "112"]
    options = tuple(Option(key, knowledge.directory[key].name) for key in keys)
    return Card(
        title=texts("hand_over.title", reference=signal.reference),
        elements=(
            *note_line(note, Style.ALARM),
            Line(texts("hand_over.text")),
            ChoiceField(
                "partner",
                texts("hand_over.partner"),
                options,
                (keys[0],),
                required=True,
                error=texts("hand_over.partner_missing"),
            ),
            TextField("note", texts("hand_over.note"), multiline=True, max_length=2000),
            TextField("line", texts("feedback.line"), multiline=True, max_length=500),
        ),
        buttons=(
            signal_button(signal, texts("button.hand_over"), "signal.hand_over", Weight.MAIN),
            signal_button(signal, texts("button.cancel"), "signal.open", unchecked=True),
        ),
        summary=texts("case.title", reference=signal.reference),
    )
