"""What happened to a signal, in words for officers."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.intake import follow_up
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer.pages import Row
from dialogs.officer.parts import name_of
from dialogs.recipient_names import recipient_name, recipients_in
from dialogs.use_cases.sharing import piece_names

#: Content that people wrote, under the line that says what happened.
_WRITTEN = ("question", "text", "answer", "note", "value", "reason", "feedback")
#: What a text of content is in these, is a key and no words.
_TEXT_IS_KEY = frozenset({EventKind.CLOSED, EventKind.CONSULTED, EventKind.HANDED_OVER, EventKind.FED_BACK})


def timeline(case: CaseFile, knowledge: Knowledge) -> tuple[Row, ...]:
    """Everything that happened, oldest first."""
    return tuple((local_time(event.at), happened(event, knowledge)) for event in case.history)


def happened(event: SignalEvent, knowledge: Knowledge) -> str:
    """One entry of the timeline: what happened, and below it what people wrote with it."""
    return "\n".join((in_one_line(event, knowledge), *_written(event, knowledge)))


def changed_since(case: CaseFile, seen: int, reader: str, knowledge: Knowledge) -> tuple[str, ...]:
    """What others did after the history had so many entries, each in one line."""
    return tuple(in_one_line(event, knowledge) for event in case.history[seen:] if event.actor != reader)


def in_one_line(event: SignalEvent, knowledge: Knowledge) -> str:
    """What happened, without what people wrote."""
    words = {"name": name_of(event.actor, knowledge), **_details(event, knowledge)}
    return knowledge.texts(f"event.{_variant(event)}", **words)


def _variant(event: SignalEvent) -> str:
    """Which sentence of its kind."""
    said = event.content
    match event.kind:
        case EventKind.ENRICHED:
            found = "found" if said["value"] else "not_found" if said.get("hit") == "no" else "taken_away"
            return f"enriched_{found}"
        case EventKind.TICKED:
            return "ticked" if said["done"] == "yes" else "ticked_not"
        case EventKind.LINKED | EventKind.UNLINKED:
            return f"{event.kind}_{'leads' if said['lead'] == event.signal_id else 'follows'}"
        case EventKind.FED_BACK if not event.is_pushed:
            return "told_in_person"
        case EventKind.CLOSED if not event.is_pushed:
            return "closed_unreachable"
        case EventKind.RATED:
            return f"rated_{said['useful']}"
        case _:
            return event.kind


def _details(event: SignalEvent, knowledge: Knowledge) -> Mapping[str, str]:
    """What stands in its sentence besides who did it: keys as people call them."""
    texts, said = knowledge.texts, event.content
    words: dict[EventKind, Callable[[], Mapping[str, str]]] = {
        EventKind.HANDED_OVER: lambda: {"partner": recipients_in(said, knowledge)},
        EventKind.CONSULTED: lambda: {"partner": recipients_in(said, knowledge)},
        EventKind.PARTNER_ANSWERED: lambda: {"partner": recipient_name(said["partner"], knowledge)},
        EventKind.ENRICHED: lambda: {"field": texts(f"field.{said['field']}")},
        EventKind.JUDGED: lambda: {"outcome": _judged(said["outcome"], said["form"], knowledge)},
        EventKind.TICKED: lambda: {"step": texts(f"step.{said['token']}")},
        EventKind.READ_OUT: lambda: {"fields": piece_names(said["fields"].split(","), knowledge)},
        EventKind.OFFERED: lambda: {"to": name_of(said["to"], knowledge)},
        EventKind.REASSESSED: lambda: {each: texts(f"outcome.{said[each]}") for each in ("before", "after")},
    }
    return {**said, **words[event.kind]()} if event.kind in words else said


def _written(event: SignalEvent, knowledge: Knowledge) -> Iterable[str]:
    texts, said = knowledge.texts, event.content
    if event.kind is EventKind.RECEIVED:
        yield from _as_received(said, knowledge)
    if event.kind in {EventKind.HANDED_OVER, EventKind.CONSULTED}:
        yield from _how_shared(event, knowledge)
    for key in _WRITTEN:
        if (words := said.get(key)) and not (key == "text" and event.kind in _TEXT_IS_KEY):
            yield texts(f"written.{key}", words=words)


def _as_received(said: Mapping[str, str], knowledge: Knowledge) -> Iterable[str]:
    """What was read in the story beside the criteria, and what the reporter passed over."""
    texts = knowledge.texts
    if quote := said.get("minor"):
        yield texts("case.minor_read", quote=quote)
    if keys := said.get("skipped", "").split(",") if said.get("skipped") else ():
        names = {question.key: question.name for question in knowledge.questions}
        counted = Counter(names.get(key, follow_up.NAME) for key in keys)
        listed = (f"{name} ({count})" if count > 1 else name for name, count in counted.items())
        yield texts("written.skipped", words=", ".join(listed))


def _how_shared(event: SignalEvent, knowledge: Knowledge) -> Iterable[str]:
    texts, said = knowledge.texts, event.content
    if said.get("desk"):
        yield texts("written.desk", words=said["desk"])
    if said.get("how"):
        yield texts(f"how.{said['how']}")
    if said.get("ground"):
        yield texts("written.ground", words=texts(f"ground.{said['ground']}"))
    if said.get("shared"):
        yield texts("written.shared", words=piece_names(said["shared"].split(","), knowledge))
    if said.get("due"):
        yield texts("written.due", words=said["due"])


def _judged(outcome: str, form: str, knowledge: Knowledge) -> str:
    texts = knowledge.texts
    words = texts(f"outcome.{Outcome(outcome)}")
    return texts("case.with_form", outcome=words, form=texts(f"form.{form}")) if form else words
