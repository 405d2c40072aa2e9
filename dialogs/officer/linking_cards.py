"""Linking signals: which one, which of the two leads, and which ones follow."""

from collections.abc import Mapping

from dialogs.domain.free_text import shown_again
from dialogs.domain.lifecycle import OPEN
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer.case_sections import back_button
from dialogs.officer.parts import note_line, signal_button
from dialogs.turn import Card, ChoiceField, Element, Entry, Line, Option, Style, TextField, Weight
from dialogs.use_cases.case_view import CaseView

_MOST_REFERENCE = 20
_MOST_SHOWN = 12


def link_card(view: CaseView, knowledge: Knowledge, filled: Mapping[str, str], fault: str = "") -> Card:
    """Which signal, from those at the same place or by its reference, and which of the two leads."""
    texts, case = knowledge.texts, view.case
    related = tuple(
        Option(entry.reference, f"{entry.reference}, {texts(f'status.{entry.status}')}")
        for entry in view.related
        if entry.status in OPEN
    )
    leads = tuple(Option(key, texts(f"link.leads.{key}", reference=case.signal.reference)) for key in ("own", "other"))
    chosen = filled.get("leads", "own")
    elements: list[Element] = [*note_line(fault, Style.ALARM), Line(texts("link.text"))]
    if related:
        value = tuple(each.key for each in related if each.key == filled.get("related"))
        elements.append(ChoiceField("related", texts("link.related"), related, value))
    elements += [
        TextField(
            "reference",
            texts("link.reference_else" if related else "link.reference"),
            shown_again(filled.get("reference", ""), most=_MOST_REFERENCE),
            hint=texts("link.reference_hint"),
            max_length=_MOST_REFERENCE,
        ),
        ChoiceField("leads", texts("link.leads.label"), leads, (chosen,)),
    ]
    return Card(
        title=texts("link.title", reference=case.signal.reference),
        elements=tuple(elements),
        buttons=(
            signal_button(case.signal, texts("button.link"), "signal.link", Weight.MAIN, events=str(len(case.history))),
            back_button(case, knowledge),
        ),
        summary=texts("case.title", reference=case.signal.reference),
    )


def links_card(view: CaseView, knowledge: Knowledge) -> Card:
    """The signals that follow this one."""
    texts, case = knowledge.texts, view.case
    entries = tuple(
        Entry(
            signal.reference,
            texts(
                "related.entry",
                status=texts(f"status.{signal.status}"),
                when=local_time(signal.received_at),
            ),
            signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", unchecked=True),
        )
        for signal in view.followers[:_MOST_SHOWN]
    )
    more = len(view.followers) - _MOST_SHOWN
    return Card(
        title=texts("link.list", reference=case.signal.reference),
        elements=(*entries, *note_line(texts("link.more", count=more) if more > 0 else "", Style.QUIET)),
        buttons=(back_button(case, knowledge),),
        summary=texts("case.title", reference=case.signal.reference),
    )
