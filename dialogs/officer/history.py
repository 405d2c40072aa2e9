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
        case EventKind.REASSESSED:
            before, after = (texts(f"outcome.{event.content[each]}") for each in ("before", "after"))
            return texts("event.reassessed", before=before, after=after)
        case EventKind.FED_BACK if not event.is_pushed:
            return texts("event.told_in_person", name=name_of(event.actor, knowledge))
        case EventKind.CLOSED if not event.is_pushed:
            said = {key: event.content[key] for key in ("attempts", "reason")}
            return texts("event.closed_unreachable", name=name_of(event.actor, knowledge), **said)
        case EventKind.REOPENED:
            return texts("event.reopened", name=name_of(event.actor, knowledge), reason=event.content["reason"])
        case EventKind.RATED:
            return texts(f"event.rated_{event.content['useful']}")
        case _:
            return texts(f"event.{event.kind}", name=name_of(event.actor, knowledge))
