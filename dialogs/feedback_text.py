"""What the reporter reads of a step, word for word: on the own card, and before that in the officer's preview."""

from collections.abc import Mapping

from dialogs.domain.events import EventKind
from dialogs.knowledge import Knowledge


def feedback_text(kind: EventKind, content: Mapping[str, str], knowledge: Knowledge) -> str:
    """The reviewed text. `content` is that of the event."""
    texts = knowledge.texts
    match kind:
        case EventKind.HANDED_OVER:
            names = (
                knowledge.directory[key].name if key in knowledge.directory else texts("feedback.a_partner")
                for key in content["partner"].split(",")
            )
            return texts("feedback.handed_over", partner=", ".join(dict.fromkeys(names)))
        case EventKind.CLOSED:
            return texts(f"feedback.closed.{content['text']}")
        case EventKind.FED_BACK:
            return texts(f"feedback.interim.{content['text']}")
        case _:
            return texts(f"feedback.{kind}")


def officers_words(kind: EventKind, content: Mapping[str, str]) -> str:
    """What the officer wrote for the reporter: a line of their own, or the question; empty if nothing."""
    return content.get("question" if kind is EventKind.ASKED else "feedback", "")
