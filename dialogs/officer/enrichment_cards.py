"""Writing down what was looked up and why, and notes: for officers only."""

from collections.abc import Mapping

from dialogs.domain.case_file import CaseFile, Field
from dialogs.domain.free_text import shown_again
from dialogs.knowledge import Knowledge
from dialogs.officer.case_sections import back_button
from dialogs.officer.parts import note_line, signal_button
from dialogs.turn import ButtonRow, Card, ChoiceField, Line, Option, Style, TextField, Weight
from dialogs.use_cases.enrichment import MOST_NOTED, MOST_REASON, MOST_VALUE


def look_up_card(case: CaseFile, knowledge: Knowledge, filled: Mapping[str, str], fault: str = "") -> Card:
    """What was looked up, why, and what was found; a field that is there can be taken away."""
    texts = knowledge.texts
    options = tuple(Option(field, texts(f"field.{field}")) for field in Field)
    chosen = filled.get("field", "")
    known = tuple(
        signal_button(
            case.signal,
            texts("button.take_away", field=texts(f"field.{field}")),
            "signal.take_away",
            unchecked=True,
            field=field.value,
        )
        for field in case.enrichment
    )
    return Card(
        title=texts("enrich.title", reference=case.signal.reference),
        elements=(
            *note_line(fault, Style.ALARM),
            Line(texts("enrich.text")),
            ChoiceField(
                "field",
                texts("enrich.field"),
                options,
                (chosen,) if chosen in set(Field) else (),
                required=True,
                error=texts("enrich.field_missing"),
            ),
            TextField(
                "reason",
                texts("enrich.reason"),
                shown_again(filled.get("reason", ""), most=MOST_REASON),
                hint=texts("enrich.reason_hint"),
                required=True,
                error=texts("enrich.reason_missing"),
                max_length=MOST_REASON,
            ),
            TextField(
                "value",
                texts("enrich.value"),
                shown_again(filled.get("value", ""), most=MOST_VALUE),
                hint=texts("enrich.value_hint"),
                multiline=True,
                max_length=MOST_VALUE,
            ),
            *((ButtonRow(known),) if known else ()),
        ),
        buttons=(
            signal_button(case.signal, texts("button.look_up"), "signal.look_up", Weight.MAIN),
            back_button(case, knowledge),
        ),
        summary=texts("case.title", reference=case.signal.reference),
    )


def note_card(case: CaseFile, knowledge: Knowledge, filled: Mapping[str, str], fault: str = "") -> Card:
    """A note, which only officers read."""
    texts = knowledge.texts
    return Card(
        title=texts("note.title", reference=case.signal.reference),
        elements=(
            *note_line(fault, Style.ALARM),
            Line(texts("note.text")),
            TextField(
                "note",
                texts("note.field"),
                shown_again(filled.get("note", ""), most=MOST_NOTED),
                multiline=True,
                required=True,
                error=texts("note.missing"),
                max_length=MOST_NOTED,
            ),
        ),
        buttons=(
            signal_button(case.signal, texts("button.note"), "signal.note", Weight.MAIN),
            back_button(case, knowledge),
        ),
        summary=texts("case.title", reference=case.signal.reference),
    )
