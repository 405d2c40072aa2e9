"""What officers are told: reference and status only, whoever looks over the shoulder."""

from dialogs.domain.assessment import Outcome
from dialogs.domain.notices import Lane, NoticeKind
from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.officer.parts import signal_button, status_words
from dialogs.turn import Card, Line, Style, Weight


def notice_card(signal: Signal, knowledge: Knowledge) -> Card:
    """There is a signal: reference and status only, whoever looks over the shoulder."""
    texts = knowledge.texts
    acute = signal.assessment.outcome is Outcome.ACUTE
    title = texts("notice.acute" if acute else "notice.title", reference=signal.reference)
    return Card(
        title=title,
        elements=(Line(status_words(signal.status, signal.owner, knowledge), Style.ALARM if acute else Style.PLAIN),),
        buttons=(signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", Weight.MAIN),),
        summary=title,
    )


def word_card(signal: Signal, kind: NoticeKind, knowledge: Knowledge) -> Card:
    """The reporter added something or wishes to withdraw it: that it is so, and the way to read it."""
    texts = knowledge.texts
    title = texts(f"notice.{kind}", reference=signal.reference)
    open_it = signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", Weight.MAIN)
    return Card(title=title, buttons=(open_it,), summary=title)


def undelivered_card(signal: Signal, to: str, knowledge: Knowledge) -> Card:
    """A message about the signal did not arrive: whether it was for the reporter or an officer, and the way to it."""
    texts = knowledge.texts
    title = texts(f"notice.{NoticeKind.UNDELIVERED}", reference=signal.reference)
    told = texts("undelivered.reporter" if to == "reporter" else "undelivered.officer")
    open_it = signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", Weight.MAIN)
    return Card(title=title, elements=(Line(told, Style.ALARM),), buttons=(open_it,), summary=title)


def term_card(signal: Signal, watch: str, lane: Lane, knowledge: Knowledge) -> Card:
    """A term ran out: which one, and the way to the signal."""
    texts = knowledge.texts
    title = texts(f"notice.term.{watch}", reference=signal.reference)
    alarm = (Line(texts("notice.acute", reference=signal.reference), Style.ALARM),) if lane is Lane.ALARM else ()
    status = Line(status_words(signal.status, signal.owner, knowledge))
    open_it = signal_button(signal, texts("button.open", reference=signal.reference), "signal.open", Weight.MAIN)
    return Card(title=title, elements=(*alarm, status), buttons=(open_it,), summary=title)
