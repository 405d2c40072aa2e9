"""Asking the reporter something: the form, and what was asked and answered, on the case."""

from collections.abc import Iterator, Mapping

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind, own_words
from dialogs.domain.free_text import shown_again
from dialogs.domain.signals import OWN_REPORT
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer.pages import beginning
from dialogs.officer.parts import signal_button
from dialogs.officer.preview import preview_form
from dialogs.texts import Texts
from dialogs.turn import Button, Card, Element, Line, Style, TextField, Weight
from dialogs.use_cases.questions import MOST_QUESTION


def ask_card(
    case: CaseFile,
    knowledge: Knowledge,
    *,
    written: str = "",
    content: Mapping[str, str] | None = None,
    fault: str = "",
    note: str = "",
) -> Card:
    """A field for the question, with what not to ask."""
    texts, signal = knowledge.texts, case.signal
    field = TextField(
        "question",
        texts("ask.field"),
        shown_again(written, most=MOST_QUESTION),
        hint=texts("ask.hint"),
        multiline=True,
        required=True,
        error=texts("ask.empty"),
        max_length=MOST_QUESTION,
    )
    return preview_form(
        signal,
        texts("ask.title", reference=signal.reference),
        (Line(texts("ask.text")), Line(texts("ask.not"), Style.QUIET), *_on_behalf(case, texts), field),
        knowledge,
        action="signal.ask",
        send=texts("button.ask"),
        kind=EventKind.ASKED,
        content=content,
        fault=fault,
        note=note,
    )


def ask_elsewhere_card(case: CaseFile, knowledge: Knowledge) -> Card:
    """Who has it entered it too: how the person who saw it can be reached, and where the answer goes."""
    texts, signal = knowledge.texts, case.signal
    return Card(
        title=texts("ask.title", reference=signal.reference),
        elements=(*_on_behalf(case, texts), Line(texts("ask.yourself"))),
        buttons=(
            Button(texts("button.add_form"), "mine.add_form", {"signal": signal.id}, Weight.MAIN),
            signal_button(signal, texts("button.cancel"), "signal.open", unchecked=True),
        ),
        summary=texts("case.title", reference=signal.reference),
    )


def written_later(case: CaseFile, texts: Texts, *, room: int) -> Iterator[Element]:
    """The newest that the reporter wrote later, an answer below its question, cut; and the question that waits."""
    questions = {str(event.number): event.content["question"] for event in case.of_kind(EventKind.ASKED)}
    for event in [event for event in case.history if own_words(event)][-1:]:
        yield Line(texts("case.added", when=local_time(event.at)), Style.HEADING)
        if event.kind is EventKind.ANSWERED:
            yield Line(texts("case.was_asked"), Style.QUIET)
            yield Line(beginning(questions[event.content["asked"]], room), verbatim=True)
        yield Line(beginning(own_words(event), room), Style.QUOTE, verbatim=True)
    if (question := case.question) is not None:
        yield Line(texts("case.asks", when=local_time(question.at)), Style.HEADING)
        yield Line(question.text, verbatim=True)


def _on_behalf(case: CaseFile, texts: Texts) -> Iterator[Element]:
    """A signal that was entered for somebody: whom the message goes to, and how that somebody can be reached."""
    origin = case.signal.origin
    if origin == OWN_REPORT:
        return
    yield Line(texts("ask.on_behalf"), Style.NOTE)
    reach = ", ".join(each for each in (origin.team, origin.contact) if each)
    yield Line(texts("ask.reach", contact=reach) if reach else texts("ask.no_reach"), verbatim=True)
