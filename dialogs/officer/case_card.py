"""Everything about one signal, for its handlers."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import SignalEvent, own_words
from dialogs.domain.lifecycle import OPEN, UNCLAIMED
from dialogs.domain.signals import OWN_REPORT, Signal
from dialogs.intake.questions import Kind, Situation
from dialogs.intake.summary import read_back
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer.checklist import whom_to_call
from dialogs.officer.history import happened
from dialogs.officer.parts import note_line, signal_button, status_words
from dialogs.texts import Texts
from dialogs.turn import Button, Card, Element, Facts, Line, Option, Style, Weight


def case_card(
    case: CaseFile,
    reader: str,
    knowledge: Knowledge,
    now: datetime,
    note: str = "",
) -> Card:
    """Everything about one signal, for its handlers: what was seen, how it is weighed, whom to call, what happened."""
    texts, signal, history = knowledge.texts, case.signal, case.history
    status = status_words(signal.status, signal.owner, knowledge)
    elements: list[Element] = [*note_line(note), Line(status, Style.HEADING)]
    if case.is_withdrawal_wished:
        elements.append(
            Line(texts("case.wished_unclaimed" if signal.status in UNCLAIMED else "case.wished"), Style.NOTE)
        )
    elements += _told(signal, knowledge)
    elements += _added(history)
    elements += _weighed(signal, knowledge)
    elements += whom_to_call(case, knowledge, now)
    elements.append(Line(texts("case.timeline"), Style.HEADING))
    elements.append(Facts(tuple((local_time(event.at), happened(event, knowledge)) for event in history)))
    return Card(
        title=texts("case.title", reference=signal.reference),
        elements=tuple(elements),
        buttons=tuple(_acts(case, reader, texts)),
        summary=texts("case.title", reference=signal.reference),
    )


def _acts(case: CaseFile, reader: str, texts: Texts) -> list[Button]:
    """What this person may press now."""
    signal = case.signal
    buttons: list[Button] = []
    if signal.status in UNCLAIMED:
        buttons.append(signal_button(signal, texts("button.take_up"), "signal.take_up", Weight.MAIN))
    elif signal.owner == reader and signal.status in OPEN:
        buttons.append(signal_button(signal, texts("button.hand_over_form"), "signal.hand_over_form", Weight.MAIN))
        buttons.append(signal_button(signal, texts("button.close_form"), "signal.close_form"))
        if case.is_withdrawal_wished:
            buttons.append(signal_button(signal, texts("button.agree_withdrawal"), "signal.withdraw"))
            buttons.append(signal_button(signal, texts("button.decline_withdrawal"), "signal.go_on"))
    buttons.append(signal_button(signal, texts("button.fold"), "signal.fold"))
    return buttons


def _told(signal: Signal, knowledge: Knowledge) -> list[Element]:
    texts = knowledge.texts
    officers = tuple(Option(key, name) for key, name in knowledge.officer_names.items())
    situation = Situation(signal.answers, signal.assessment.outcome, danger_read=False, officers=officers)
    lines = read_back(signal.answers, knowledge.questions, situation, knowledge.criteria, texts("intake.nothing"))
    answered = tuple(
        (line.question.name, line.words)
        for line in lines
        if line.question.kind is not Kind.TICKS and not line.question.multiline
    )
    received = (texts("case.received"), local_time(signal.received_at))
    told: list[Element] = []
    for line in lines:
        if line.question.multiline and signal.answers[line.question.key]:
            told.append(Line(line.question.name, Style.HEADING))
            told.append(Line(line.words, Style.QUOTE, verbatim=True))
    about = (received, *_origin(signal, texts), *answered)
    return [*told, Line(texts("case.answers"), Style.HEADING), Facts(about)]


def _origin(signal: Signal, texts: Texts) -> tuple[tuple[str, str], ...]:
    """Who reported it, or through whom and how it came in."""
    origin = signal.origin
    if origin == OWN_REPORT:
        return ((texts("case.reporter"), signal.reporter_name),)
    return (
        (texts("case.channel"), texts(f"channel.{origin.channel}")),
        *(((texts("case.team"), origin.team),) if origin.team else ()),
        *(((texts("case.contact"), origin.contact),) if origin.contact else ()),
        (texts("case.entered_by"), signal.reporter_name),
    )


def _added(history: Sequence[SignalEvent]) -> Iterator[Element]:
    """What the reporter wrote later, oldest first."""
    for event in history:
        if words := own_words(event):
            yield Line(local_time(event.at), Style.HEADING)
            yield Line(words, Style.QUOTE, verbatim=True)


def _weighed(signal: Signal, knowledge: Knowledge) -> list[Element]:
    texts = knowledge.texts
    assessment = signal.assessment
    quotes = {suggestion.criterion: suggestion.quote for suggestion in reversed(signal.suggestions)}
    counted = {item.criterion for item in assessment.counted}
    elements: list[Element] = [
        Line(texts("case.assessment", outcome=texts(f"outcome.{assessment.outcome}")), Style.HEADING),
        *(Line(reason) for reason in assessment.reasons),
    ]
    elements += [
        Line(texts("case.words", sentence=knowledge.criteria[key].sentence, quote=quotes[key]), verbatim=True)
        for key in counted
        if key in quotes and key in knowledge.criteria
    ]
    if unconfirmed := [key for key in quotes if key not in counted and key in knowledge.criteria]:
        elements.append(Line(texts("case.not_confirmed"), Style.HEADING))
        elements += [
            Line(texts("case.words", sentence=knowledge.criteria[key].sentence, quote=quotes[key]), verbatim=True)
            for key in unconfirmed
        ]
    if assessment.missing:
        elements.append(Line(texts("case.missing"), Style.HEADING))
        elements += [Line(missing) for missing in assessment.missing]
    return elements
