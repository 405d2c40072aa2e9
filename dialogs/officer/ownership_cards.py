"""The forms with which a signal gets another owner."""

from collections.abc import Mapping

from dialogs.domain.free_text import shown_again
from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.officer.parts import name_of, note_line, signal_button
from dialogs.turn import Button, Card, ChoiceField, Line, Option, Style, TextField, Weight
from dialogs.use_cases.ownership import MOST_REASON


def offer_card(signal: Signal, knowledge: Knowledge, filled: Mapping[str, str], fault: str = "") -> Card:
    """To which colleague, and why."""
    texts = knowledge.texts
    colleagues = [person for person in knowledge.staff.handlers(signal.excluded) if person != signal.owner]
    chosen = tuple(person for person in colleagues if person == filled.get("to")) or tuple(colleagues[:1])
    fields = (
        ChoiceField(
            "to",
            texts("offer.to"),
            tuple(Option(person, name_of(person, knowledge)) for person in colleagues),
            chosen,
            required=True,
            error=texts("offer.to_missing"),
        ),
        _reason(knowledge, filled),
    )
    send = signal_button(signal, texts("button.offer"), "signal.offer", Weight.MAIN)
    return Card(
        title=texts("offer.title", reference=signal.reference),
        elements=(
            *note_line(fault if colleagues else "", Style.ALARM),
            *((Line(texts("offer.text")), *fields) if colleagues else (Line(texts("offer.nobody")),)),
        ),
        buttons=(*((send,) if colleagues else ()), _cancel(signal, knowledge)),
        summary=texts("case.title", reference=signal.reference),
    )


def take_over_card(signal: Signal, knowledge: Knowledge, filled: Mapping[str, str], fault: str = "") -> Card:
    """Why it goes to somebody else than its owner wanted."""
    texts = knowledge.texts
    name = name_of(signal.owner or "", knowledge)
    return Card(
        title=texts("take_over.title", reference=signal.reference),
        elements=(
            *note_line(fault, Style.ALARM),
            Line(texts("take_over.text", name=name)),
            _reason(knowledge, filled),
        ),
        buttons=(
            signal_button(signal, texts("button.take_over"), "signal.take_over", Weight.MAIN),
            _cancel(signal, knowledge),
        ),
        summary=texts("case.title", reference=signal.reference),
    )


def _reason(knowledge: Knowledge, filled: Mapping[str, str]) -> TextField:
    texts = knowledge.texts
    return TextField(
        "reason",
        texts("offer.reason"),
        shown_again(filled.get("reason", ""), most=MOST_REASON),
        multiline=True,
        required=True,
        error=texts("offer.reason_missing"),
        max_length=MOST_REASON,
    )


def _cancel(signal: Signal, knowledge: Knowledge) -> Button:
    return signal_button(signal, knowledge.texts("button.cancel"), "signal.open", unchecked=True)
