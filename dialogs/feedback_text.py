"""What the reporter reads of a step, word for word: on the own card, and before that in the officer's preview."""

from collections.abc import Mapping

from dialogs.domain.events import EventKind
from dialogs.domain.signals import Signal
from dialogs.handler_words import texts_about
from dialogs.knowledge import Knowledge
from dialogs.recipient_names import recipients_in


def feedback_text(kind: EventKind, content: Mapping[str, str], signal: Signal, knowledge: Knowledge) -> str:
    """The reviewed text, which names who handles the signal. `content` is that of the event."""
    texts = texts_about(signal, knowledge)
    match kind:
        case EventKind.HANDED_OVER if content.get("text") == "unnamed":
            return texts("feedback.handed_over_unnamed")
        case EventKind.HANDED_OVER:
            return texts("feedback.handed_over", partner=recipients_in(content, knowledge))
        case EventKind.CLOSED:
            return texts(f"feedback.closed.{content['text']}")
        case EventKind.FED_BACK:
            return texts(f"feedback.interim.{content['text']}")
        case _:
            return texts(f"feedback.{kind}")


def officers_words(kind: EventKind, content: Mapping[str, str]) -> str:
    """What the officer wrote for the reporter: a line of their own, or the question; empty if nothing."""
    return content.get("question" if kind is EventKind.ASKED else "feedback", "")
