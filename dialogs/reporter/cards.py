"""What the reporter sees after sending: receipt, news, own signals with their timeline."""

from collections.abc import Iterator, Sequence

from dialogs.domain.access import Reader
from dialogs.domain.assessment import Outcome
from dialogs.domain.events import EventKind, SignalEvent, own_words
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.signals import OWN_REPORT, Signal
from dialogs.feedback_text import feedback_text, officers_words
from dialogs.handler_words import texts_about
from dialogs.intake.questions import NO, YES
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.texts import Texts
from dialogs.turn import Button, ButtonRow, Card, Element, Entry, Facts, Line, Style, Weight
from dialogs.use_cases.own_signals import OwnSignal
from dialogs.use_cases.watch_desks import NO_HANDLER


def receipt_card(signal: Signal, knowledge: Knowledge) -> Card:
    """Proof of receipt: reference, what happens next, by when, and what to do when it cannot wait."""
    texts = knowledge.texts
    acute = signal.assessment.outcome is Outcome.ACUTE
    who = knowledge.staff.reader(signal.excluded)
    return Card(
        title=texts("receipt.title", reference=signal.reference),
        elements=(
            *((Line(texts("danger.call"), Style.ALARM),) if acute else ()),
            Line(texts(f"receipt.{who}.thanks"), Style.ALARM if who is Reader.NOBODY else Style.GOOD),
            Line(texts(f"receipt.{who}.next")),
            Line(texts(f"receipt.{who}.when")),
            Line(texts("receipt.urgent")),
            Line(texts("receipt.more")),
            *((Line(texts("receipt.for_others")),) if signal.origin != OWN_REPORT else ()),
            Line(texts("receipt.typed"), Style.QUIET),
        ),
        buttons=(_read_button(texts, "button.my_signal", signal),),
        summary=texts("receipt.summary", reference=signal.reference),
    )


def sent_card(signal: Signal, texts: Texts) -> Card:
    """What is left of the intake card: reference and status."""
    return Card(
        title=texts("sent.title", reference=signal.reference),
        elements=(Line(texts(f"status.{signal.status}"), Style.GOOD),),
        buttons=(_read_button(texts, "button.my_signal", signal),),
        summary=texts("receipt.summary", reference=signal.reference),
    )


def news_card(signal: Signal, event: SignalEvent, texts: Texts) -> Card:
    """There is news: reference and status only; the text opens on a press."""
    asks = event.kind is EventKind.ASKED
    waits = event.content.get("text") == NO_HANDLER
    return Card(
        title=texts("news.title", reference=signal.reference),
        elements=(Line(texts("news.no_handler" if waits else f"news.{event.kind}")),),
        buttons=(question_button(texts, signal) if asks else _read_button(texts, "button.read", signal),),
        summary=texts("news.summary", reference=signal.reference),
    )


def question_reminder_card(signal: Signal, knowledge: Knowledge) -> Card:
    """A question still waits; without the question."""
    texts = texts_about(signal, knowledge)
    title = texts("question.reminder_title", reference=signal.reference)
    return Card(
        title=title,
        elements=(Line(texts("question.reminder")),),
        buttons=(question_button(texts, signal),),
        summary=title,
    )


def own_signal_card(own: OwnSignal, knowledge: Knowledge, note: str = "") -> Card:
    """One signal as its reporter may see it: what happened, with the feedback of each step, newest first."""
    texts = knowledge.texts
    signal = own.signal
    elements: list[Element] = [Line(note, Style.NOTE)] if note else []
    elements.append(Line(status_for_reporter(signal, texts), Style.GOOD))
    for event in reversed(own.history):
        elements.append(Facts(((local_time(event.at), feedback_text(event.kind, event.content, signal, knowledge)),)))
        if line := officers_words(event.kind, event.content) or own_words(event):
            elements.append(Line(line, Style.QUOTE, verbatim=True))
        if event.number == own.to_rate:
            elements += _rating(own, texts)
    return Card(
        title=texts("own.title", reference=signal.reference),
        elements=tuple(elements),
        buttons=tuple(_ways_on(own, texts)),
        summary=texts("own.title", reference=signal.reference),
    )


def status_for_reporter(signal: Signal, texts: Texts) -> str:
    """The status as its reporter reads it."""
    is_asked = signal.status is SignalStatus.WAITING_FOR_REPORTER
    return texts("own.asked" if is_asked else f"status.{signal.status}")


def question_button(texts: Texts, signal: Signal) -> Button:
    """To the question that is open."""
    return Button(texts("button.question"), "mine.question", {"signal": signal.id}, Weight.MAIN)


def _rating(own: OwnSignal, texts: Texts) -> tuple[Element, ...]:
    """One tap for whether the feedback of this closing was useful."""
    carried = {"signal": own.signal.id, "closing": str(own.to_rate)}
    useful = tuple(
        Button(texts(f"button.useful_{each}"), "mine.rate", {**carried, "useful": each}) for each in (YES, NO)
    )
    return Line(texts("rate.question")), ButtonRow(useful)


def _ways_on(own: OwnSignal, texts: Texts) -> Iterator[Button]:
    carried = {"signal": own.signal.id}
    if own.question is not None:
        yield question_button(texts, own.signal)
    yield Button(texts("button.add_form"), "mine.add_form", carried, Weight.PLAIN if own.question else Weight.MAIN)
    if own.may_be_withdrawn:
        yield Button(texts("button.withdraw_form"), "mine.withdraw_form", carried)
    yield Button(texts("button.my_signals"), "mine.list")


def own_signals_card(signals: Sequence[Signal], texts: Texts) -> Card:
    """The own signals with their status."""
    entries = tuple(
        Entry(
            signal.reference,
            texts("own.entry", status=status_for_reporter(signal, texts), when=local_time(signal.received_at)),
            Button(
                texts("button.open_own"),
                "mine.read",
                {"signal": signal.id},
                name=texts("button.open", reference=signal.reference),
            ),
        )
        for signal in signals
    )
    return Card(
        title=texts("own.list_title"),
        elements=entries or (Line(texts("own.none")),),
        buttons=(Button(texts("button.report"), "menu.report", weight=Weight.MAIN),),
        summary=texts("own.list_title"),
    )


def _read_button(texts: Texts, key: str, signal: Signal) -> Button:
    return Button(texts(key), "mine.read", {"signal": signal.id}, Weight.MAIN)
