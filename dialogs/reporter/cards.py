"""What the reporter sees after sending: receipt, news, own signals with their timeline."""

from collections.abc import Sequence

from dialogs.domain.assessment import Outcome
from dialogs.domain.events import EventKind, SignalEvent, own_words
from dialogs.domain.signals import OWN_REPORT, Signal
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.texts import Texts
from dialogs.turn import Button, Card, Element, Entry, Facts, Line, Style, Weight
from dialogs.use_cases.own_signals import OwnSignal


def receipt_card(signal: Signal, knowledge: Knowledge) -> Card:
    """Proof of receipt: reference, what happens next, by when, and what to do when it cannot wait."""
    texts = knowledge.texts
    acute = signal.assessment.outcome is Outcome.ACUTE
    return Card(
        title=texts("receipt.title", reference=signal.reference),
        elements=(
            *((Line(texts("danger.call"), Style.ALARM),) if acute else ()),
            Line(texts("receipt.thanks"), Style.GOOD),
            Line(texts("receipt.next")),
            Line(texts("receipt.when")),
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
    return Card(
        title=texts("news.title", reference=signal.reference),
        elements=(Line(texts(f"news.{event.kind}")),),
        buttons=(_read_button(texts, "button.read", signal),),
        summary=texts("news.summary", reference=signal.reference),
    )


def own_signal_card(own: OwnSignal, knowledge: Knowledge, note: str = "") -> Card:
    """One signal as its reporter may see it: what happened, with the feedback of each step, newest first."""
    texts = knowledge.texts
    signal = own.signal
    elements: list[Element] = [Line(note, Style.NOTE)] if note else []
    elements.append(Line(texts(f"status.{signal.status}"), Style.GOOD))
    for event in reversed(own.history):
        elements.append(Facts(((local_time(event.at), _feedback(event, knowledge)),)))
        if line := event.content.get("feedback") or own_words(event):
            elements.append(Line(line, Style.QUOTE, verbatim=True))
    carried = {"signal": signal.id}
    buttons = [Button(texts("button.add_form"), "mine.add_form", carried, Weight.MAIN)]
    if own.may_be_withdrawn:
        buttons.append(Button(texts("button.withdraw_form"), "mine.withdraw_form", carried))
    return Card(
        title=texts("own.title", reference=signal.reference),
        elements=tuple(elements),
        buttons=(*buttons, Button(texts("button.my_signals"), "mine.list")),
        summary=texts("own.title", reference=signal.reference),
    )


def own_signals_card(signals: Sequence[Signal], texts: Texts) -> Card:
    """The own signals with their status."""
    entries = tuple(
        Entry(
            signal.reference,
            texts("own.entry", status=texts(f"status.{signal.status}"), when=local_time(signal.received_at)),
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


def _feedback(event: SignalEvent, knowledge: Knowledge) -> str:
    texts = knowledge.texts
    match event.kind:
        case EventKind.HANDED_OVER:
            partner = knowledge.directory[event.content["partner"]]
            return texts("feedback.handed_over", partner=partner.name)
        case EventKind.CLOSED:
            return texts(f"feedback.closed.{event.content['text']}")
        case _:
            return texts(f"feedback.{event.kind}")
