"""What the reporter hears: the forms for closing and for in between, and what became of the messages, on the case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dialogs.domain.case_file import CaseFile
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.free_text import shown_again
from dialogs.domain.notices import NoticeKind
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer.history import in_one_line
from dialogs.officer.parts import note_line, signal_button
from dialogs.officer.preview import preview_form
from dialogs.ports import Delivery, DeliveryState
from dialogs.texts import Texts
from dialogs.turn import ButtonRow, Card, ChoiceField, Element, Facts, Line, Option, Style, TextField, Weight
from dialogs.use_cases.case_view import CaseView
from dialogs.use_cases.feedback import (
    CLOSING_TEXTS,
    IN_PERSON,
    INTERIM_TEXTS,
    MOST_LINE,
    MOST_REASON,
    Told,
    Way,
    failed_messages,
)

#: As many attempts can be chosen; the last stands for more.
_MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a form: the key of a reviewed text, and the officer's own line."""

    feedback: str = ""
    line: str = ""


def close_card(
    case: CaseFile, knowledge: Knowledge, filled: Filled, told: Told | str | None = None, *, note: str = ""
) -> Card:
    """Which reviewed text the reporter gets, and a line of the officer's own; `told` is shown, or what is wrong."""
    texts, signal = knowledge.texts, case.signal
    open_ends = (
        *((Line(texts("close.ends_question"), Style.NOTE),) if case.question else ()),
        *((Line(texts("close.ends_wish"), Style.NOTE),) if case.is_withdrawal_wished else ()),
    )
    form = preview_form(
        signal,
        texts("close.title", reference=signal.reference),
        (*open_ends, Line(texts("close.text")), *_fields(CLOSING_TEXTS, "choice", filled, texts)),
        knowledge,
        action="signal.close",
        send=texts("button.close"),
        kind=EventKind.CLOSED,
        content=told.content if isinstance(told, Told) else None,
        fault=told if isinstance(told, str) else "",
        note=note if isinstance(told, Told) else "",
    )
    unreachable = signal_button(signal, texts("button.unreachable_form"), "signal.unreachable_form", unchecked=True)
    return replace(form, buttons=(*form.buttons[:-1], unreachable, form.buttons[-1]))


def feedback_card(
    case: CaseFile, knowledge: Knowledge, filled: Filled, told: Told | str | None = None, *, note: str = ""
) -> Card:
    """What the reporter hears between two steps, by a message or told in person."""
    texts, signal = knowledge.texts, case.signal
    among = (*INTERIM_TEXTS, IN_PERSON) if case.is_open else (IN_PERSON,)
    return preview_form(
        signal,
        texts("feedback.title", reference=signal.reference),
        (Line(texts("feedback.text")), *_fields(among, "interim_choice", filled, texts)),
        knowledge,
        action="signal.feed_back",
        send=texts("button.feed_back_in_person" if filled.feedback == IN_PERSON else "button.feed_back"),
        kind=EventKind.FED_BACK,
        content=told.content if isinstance(told, Told) else None,
        fault=told if isinstance(told, str) else "",
        note=note if isinstance(told, Told) else "",
    )


def unreachable_card(
    case: CaseFile, knowledge: Knowledge, filled: Mapping[str, str] | None = None, fault: str = ""
) -> Card:
    """How often and how it was tried to reach the reporter, and why it did not work."""
    texts, signal, values = knowledge.texts, case.signal, filled or {}
    times = tuple(Option(str(n), texts(f"unreachable.times_{n}")) for n in range(1, _MOST_ATTEMPTS + 1))
    ways = tuple(Option(way, texts(f"unreachable.way_{way}")) for way in Way)
    tried = tuple(way for way in Way if way in values.get("ways", "").split(","))
    return Card(
        title=texts("unreachable.title", reference=signal.reference),
        elements=(
            *note_line(fault, Style.ALARM),
            Line(texts("unreachable.text")),
            *_other_way(case, texts),
            ChoiceField(
                "attempts", texts("unreachable.attempts"), times, tuple(filter(None, [values.get("attempts", "")]))
            ),
            ChoiceField("ways", texts("unreachable.ways"), ways, tried, many=True),
            TextField(
                "reason",
                texts("unreachable.reason"),
                shown_again(values.get("reason", ""), most=MOST_REASON),
                multiline=True,
                max_length=MOST_REASON,
            ),
        ),
        buttons=(
            signal_button(signal, texts("button.close_unreachable"), "signal.close_unreachable", Weight.MAIN),
            signal_button(signal, texts("button.cancel"), "signal.open", unchecked=True),
        ),
        summary=texts("case.title", reference=signal.reference),
    )


def reopen_card(case: CaseFile, knowledge: Knowledge, *, written: str = "", fault: str = "") -> Card:
    """Why it is looked at again."""
    texts, signal = knowledge.texts, case.signal
    field = TextField(
        "reason",
        texts("reopen.reason"),
        shown_again(written, most=MOST_REASON),
        multiline=True,
        required=True,
        error=texts("reopen.empty"),
        max_length=MOST_REASON,
    )
    return Card(
        title=texts("reopen.title", reference=signal.reference),
        elements=(*note_line(fault, Style.ALARM), Line(texts("reopen.text")), field),
        buttons=(
            signal_button(signal, texts("button.reopen"), "signal.reopen", Weight.MAIN),
            signal_button(signal, texts("button.cancel"), "signal.open", unchecked=True),
        ),
        summary=texts("case.title", reference=signal.reference),
    )


#: The newest messages; the timeline has the others.
_MOST_TOLD = 4


def told_reporter(view: CaseView, knowledge: Knowledge) -> Iterator[Element]:
    """On the case: what became of each message to the reporter, and where one failed the other way to be reached."""
    case, texts = view.case, knowledge.texts
    deliveries = {
        delivery.notice.detail.get("event", ""): delivery
        for delivery in view.deliveries
        if delivery.notice.kind is NoticeKind.STATUS_FOR_REPORTER
    }
    told = [event for event in case.history if event.kind is EventKind.FED_BACK or str(event.number) in deliveries]
    if told:
        yield Line(texts("delivery.heading"), Style.HEADING)
        rows = ((in_one_line(event, knowledge), _became(event, deliveries, texts)) for event in told[-_MOST_TOLD:])
        yield Facts(tuple(rows))
    has_failed, is_away = bool(failed_messages(case, view.deliveries)), case.signal.reporter in view.unreachable
    if is_away:
        yield Line(texts("delivery.without_app"), Style.ALARM)
    elif has_failed:
        yield Line(texts("delivery.failed_text"), Style.ALARM)
    if has_failed or is_away:
        yield from _other_way(case, texts)
    if has_failed:
        yield ButtonRow((signal_button(case.signal, texts("button.send_again"), "signal.send_again"),))
    if case.rating == "no":
        yield Line(texts("case.rated_no"), Style.NOTE)


def _became(event: SignalEvent, deliveries: Mapping[str, Delivery], texts: Texts) -> str:
    """What became of the message; what was sent weeks ago is known no more to have been anything but delivered."""
    if not event.is_pushed:
        return texts("delivery.in_person", when=local_time(event.at))
    delivery = deliveries.get(str(event.number))
    if delivery is None:
        return texts("delivery.none")
    if delivery.state is DeliveryState.PENDING:
        return texts("delivery.pending")
    return texts(f"delivery.{delivery.state}", when=local_time(delivery.at))


def _other_way(case: CaseFile, texts: Texts) -> Iterator[Line]:
    """How else the reporter can be reached, as far as they said."""
    signal = case.signal
    reach = ", ".join(each for each in (signal.origin.contact, str(signal.answers.get("phone", ""))) if each)
    yield Line(
        texts("delivery.reach", name=signal.reporter_name, contact=reach)
        if reach
        else texts("delivery.no_reach", name=signal.reporter_name),
        verbatim=True,
    )


def _fields(among: tuple[str, ...], labels: str, filled: Filled, texts: Texts) -> tuple[Element, ...]:
    options = tuple(Option(key, texts(f"feedback.{labels}.{key}")) for key in among)
    chosen = (filled.feedback,) if filled.feedback in among else ()
    missing = texts("close.feedback_missing")
    return (
        ChoiceField("feedback", texts("close.feedback"), options, chosen, required=True, error=missing),
        Line(texts("feedback.line_warning"), Style.QUIET),
        TextField(
            "line",
            texts("feedback.line"),
            shown_again(filled.line, most=MOST_LINE),
            multiline=True,
            max_length=MOST_LINE,
        ),
    )
