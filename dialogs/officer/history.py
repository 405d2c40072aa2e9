"""What happened to a signal, in words for officers."""

from dialogs.domain.events import EventKind, SignalEvent
from dialogs.knowledge import Knowledge
from dialogs.officer.parts import name_of


def happened(event: SignalEvent, knowledge: Knowledge) -> str:
    """One line of the timeline."""
    texts = knowledge.texts
    match event.kind:
        case EventKind.HANDED_OVER:
            partner = knowledge.directory[event.content["partner"]].name
            words = texts("event.handed_over", name=name_of(event.actor, knowledge), partner=partner)
            return f"{words} {event.content['note']}".strip()
        case _:
            return texts(f"event.{event.kind}", name=name_of(event.actor, knowledge))
