"""Everything about one signal, for its handlers."""

from datetime import datetime

from dialogs.domain.lifecycle import UNCLAIMED
from dialogs.domain.signals import OWN_REPORT, Signal
from dialogs.intake.questions import Kind, Situation
from dialogs.intake.summary import read_back
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer.case_buttons import Offered, Place
from dialogs.officer.checklist import whom_to_call
from dialogs.officer.feedback_cards import told_reporter
from dialogs.officer.history import happened
from dialogs.officer.parts import note_line, signal_button, status_words
from dialogs.officer.question_cards import written_later
from dialogs.texts import Texts
from dialogs.turn import Button, ButtonRow, Card, Element, Facts, Line, Option, Style
from dialogs.use_cases.case_view import CaseView


def case_card(view: CaseView, acts: Offered, knowledge: Knowledge, now: datetime, note: str = "") -> Card:
    """Everything about one signal, for its handlers: what was seen, how it is weighed, whom to call, what happened."""
    case = view.case
    texts, signal, history = knowledge.texts, case.signal, case.history
    status = status_words(signal.status, signal.owner, knowledge)
    elements: list[Element] = [*note_line(note), Line(status, Style.HEADING)]
    if case.is_withdrawal_wished:
        elements.append(
            Line(texts("case.wished_unclaimed" if signal.status in UNCLAIMED else "case.wished"), Style.NOTE)
        )
    elements += _told(signal, knowledge)
    elements += written_later(case, texts)
    elements += told_reporter(view, knowledge)
    if about_reporter := acts.at(Place.REPORTER):
        elements.append(ButtonRow(about_reporter))
    elements += _weighed(signal, knowledge)
    elements += whom_to_call(case, knowledge, now)
    elements.append(Line(texts("case.timeline"), Style.HEADING))
    elements.append(Facts(tuple((local_time(event.at), happened(event, knowledge)) for event in history)))
    return Card(
        title=texts("case.title", reference=signal.reference),
        elements=tuple(elements),
        buttons=_foot(acts, texts),
        summary=texts("case.title", reference=signal.reference),
    )


def more_card(acts: Offered, knowledge: Knowledge) -> Card:
    """What else can be done with a signal; without content."""
    texts, signal = knowledge.texts, acts.case.signal
    return Card(
        title=texts("case.more", reference=signal.reference),
        elements=(ButtonRow(acts.at(Place.MORE)),),
        buttons=(signal_button(signal, texts("button.cancel"), "signal.open", unchecked=True),),
        summary=texts("case.title", reference=signal.reference),
    )


def _foot(acts: Offered, texts: Texts) -> tuple[Button, ...]:
    signal = acts.case.signal
    more = (signal_button(signal, texts("button.more"), "signal.more"),) if acts.at(Place.MORE) else ()
    return (*acts.at(Place.FOOT), *more, signal_button(signal, texts("button.fold"), "signal.fold"))


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
