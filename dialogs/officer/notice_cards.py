"""What officers are told: reference and status only, whoever looks over the shoulder."""

from dialogs.domain.assessment import Outcome
from dialogs.domain.events import EventKind
from dialogs.domain.lifecycle import OPEN, SignalStatus
from dialogs.domain.notices import Lane, NoticeKind
from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.officer.parts import signal_button, status_words
from dialogs.texts import Texts
from dialogs.turn import Card, Line, Style, Weight


def notice_card(signal: Signal, knowledge: Knowledge) -> Card:
    """There is a signal: reference and status only, whoever looks over the shoulder."""
    texts = knowledge.texts
    acute = signal.assessment.outcome is Outcome.ACUTE
    again = signal.status is SignalStatus.REOPENED
    title = texts(f"notice.{'acute' if acute else 'reopened' if again else 'title'}", reference=signal.reference)
    return Card(
        title=title,
        elements=(Line(status_words(signal.status, signal.owner, knowledge), Style.ALARM if acute else Style.PLAIN),),
        buttons=(signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", Weight.MAIN),),
        summary=title,
    )


def word_card(signal: Signal, kind: NoticeKind | EventKind, knowledge: Knowledge) -> Card:
    """The reporter did something: that it is so, and the way to read it. Once it has ended, that it can be reopened."""
    texts = knowledge.texts
    is_alarm = kind is EventKind.REASSESSED and signal.assessment.outcome is Outcome.ACUTE
    title = texts("notice.now_acute" if is_alarm else f"notice.{kind}", reference=signal.reference)
    status = status_words(signal.status, signal.owner, knowledge)
    open_it = signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", Weight.MAIN)
    return Card(
        title=title,
        elements=(
            Line(status, Style.ALARM if is_alarm else Style.PLAIN),
            *(() if signal.status in OPEN else (Line(texts("notice.can_reopen")),)),
        ),
        buttons=(open_it,),
        summary=title,
    )


def undelivered_card(signal: Signal, to: str, knowledge: Knowledge) -> Card:
    """A message about the signal did not arrive: whether it was for the reporter or an officer, and the way to it."""
    texts = knowledge.texts
    title = texts(f"notice.{NoticeKind.UNDELIVERED}", reference=signal.reference)
    told = texts("undelivered.reporter" if to == "reporter" else "undelivered.officer")
    open_it = signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", Weight.MAIN)
    return Card(title=title, elements=(Line(told, Style.ALARM),), buttons=(open_it,), summary=title)


def no_handler_card(signal: Signal, texts: Texts) -> Card:
    """To an administrator, who may not open it: that it waits for somebody who may, and how to name one."""
    title = texts("notice.term.no_handler", reference=signal.reference)
    lines = (Line(texts("no_handler.text"), Style.ALARM), Line(texts("no_handler.how")))
    return Card(title=title, elements=lines, summary=title)


def term_card(signal: Signal, watch: str, lane: Lane, knowledge: Knowledge) -> Card:
    """A term ran out: which one, and the way to the signal."""
    texts = knowledge.texts
    title = texts(f"notice.term.{watch}", reference=signal.reference)
    alarm = (Line(texts("notice.acute", reference=signal.reference), Style.ALARM),) if lane is Lane.ALARM else ()
    status = Line(status_words(signal.status, signal.owner, knowledge))
    open_it = signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", Weight.MAIN)
    return Card(title=title, elements=(*alarm, status), buttons=(open_it,), summary=title)
