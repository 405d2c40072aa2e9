"""What the cards of officers share: the button of a signal, its status in words, the name of a colleague."""

from dialogs.domain.free_text import TextRefused
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.queue import QueueEntry
from dialogs.domain.signals import Signal
from dialogs.knowledge import Knowledge
from dialogs.texts import Texts
from dialogs.turn import Button, Line, Style, Weight


def signal_button(
    signal: Signal | QueueEntry,
    title: str,
    action: str,
    weight: Weight = Weight.PLAIN,
    *,
    unchecked: bool = False,
    **data: str,
) -> Button:
    """A button that acts on this version of the signal."""
    return Button(title, action, {"signal": signal.id, "version": str(signal.version), **data}, weight, unchecked)


def note_line(note: str, style: Style = Style.NOTE) -> tuple[Line, ...]:
    """What has just happened, on top of a card; nothing if it is empty."""
    return (Line(note, style),) if note else ()


def status_words(status: SignalStatus, owner: str | None, knowledge: Knowledge) -> str:
    """The status, with who has it."""
    texts = knowledge.texts
    words = texts(f"status.{status}")
    return texts("case.owned", status=words, name=name_of(owner, knowledge)) if owner else words


def name_of(person: str, knowledge: Knowledge) -> str:
    """The name of a colleague, as the settings give it."""
    return knowledge.officer_names.get(person, knowledge.texts("case.somebody"))


def why_refused(refused: TextRefused, most: int, texts: Texts, *, empty: str = "rejected.empty") -> str:
    """Why a text cannot be stored, and what to do; `empty` is the key for one that is missing."""
    match refused.reason:
        case "empty":
            return texts(empty)
        case "too_long":
            return texts("rejected.too_long", most=most)
        case _:
            return texts("rejected.bsn")
