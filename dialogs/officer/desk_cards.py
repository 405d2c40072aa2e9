"""An officer's own desk, and the list for the talk with partners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.desk import Desk, TalkNote
from dialogs.domain.free_text import shown_again
from dialogs.domain.lifecycle import OPEN
from dialogs.domain.queue import QueueEntry
from dialogs.domain.working_time import workdays_between
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_date
from dialogs.officer.parts import note_line
from dialogs.turn import Button, Card, ChoiceField, Element, Facts, Line, Option, Style, TextField
from dialogs.use_cases.desks import MOST_TALK_NOTE

#: Over how many weeks the list can be asked: a month, a quarter, a year.
WEEKS = (4, 13, 52)
#: What fits on a card that Teams takes.
MOST_LISTED = 40


def desk_card(desk: Desk, knowledge: Knowledge, now: datetime, note: str = "", fault: str = "") -> Card:
    """Away or at work, and when the digest comes."""
    texts = knowledge.texts
    until = desk.absent_until
    is_away = until is not None and until > now
    where = texts("desk.away", until=local_date(until)) if until and is_away else texts("desk.at_work")
    back = (Button(texts("button.come_back"), "signal.come_back", unchecked=True),) if is_away else ()
    return Card(
        title=texts("desk.title"),
        elements=(
            *note_line(note),
            *note_line(fault, Style.ALARM),
            Line(where),
            TextField("until", texts("desk.away_field"), hint=texts("desk.away_hint"), max_length=60),
            TextField(
                "digest", texts("desk.digest_field"), clock(desk.digest_minute), texts("desk.digest_hint"), max_length=5
            ),
        ),
        buttons=(
            Button(texts("button.away"), "signal.away"),
            *back,
            Button(texts("button.digest"), "signal.digest"),
            Button(texts("button.talk_list"), "signal.talk_list"),
            Button(texts("button.queue"), "signal.queue"),
        ),
        summary=texts("desk.title"),
    )


@dataclass(frozen=True, slots=True)
class TalkList:
    """What is talked about: policy actions 3.1 and 5.2."""

    weeks: int
    entries: Sequence[QueueEntry]
    notes: Sequence[TalkNote]
    #: For the line that may be added.
    note_id: str


def talk_card(talk: TalkList, knowledge: Knowledge, now: datetime, fault: str = "", note: str = "") -> Card:
    """Running and closed signals without personal data, with the officers' own lines."""
    texts = knowledge.texts
    listed = talk.entries[:MOST_LISTED]
    still_open = sum(entry.status in OPEN for entry in talk.entries)
    elements: list[Element] = [*note_line(note), *note_line(fault, Style.ALARM)]
    elements.append(Line(texts("talk.text", weeks=talk.weeks)))
    if listed:
        elements.append(Line(texts("talk.totals", open=still_open, ended=len(talk.entries) - still_open)))
        elements.append(Facts(tuple((entry.reference, _line(entry, knowledge, now)) for entry in listed)))
    else:
        elements.append(Line(texts("talk.none")))
    if len(talk.entries) > len(listed):
        elements.append(Line(texts("talk.more", count=len(talk.entries) - len(listed)), Style.QUIET))
    if talk.notes:
        elements.append(Line(texts("talk.notes"), Style.HEADING))
        elements += [
            Line(texts("talk.note", when=local_date(each.at), text=each.text), verbatim=True) for each in talk.notes
        ]
    options = tuple(Option(str(weeks), str(weeks)) for weeks in WEEKS)
    elements += [
        TextField("line", texts("talk.field"), multiline=True, max_length=MOST_TALK_NOTE),
        ChoiceField("weeks", texts("talk.weeks"), options, (str(talk.weeks),), folded=True),
    ]
    return Card(
        title=texts("talk.title"),
        elements=tuple(elements),
        buttons=(
            Button(texts("button.talk_note"), "signal.talk_note", {"note": talk.note_id}),
            Button(texts("button.show"), "signal.talk_list"),
            Button(texts("button.queue"), "signal.queue"),
        ),
        summary=texts("talk.title"),
    )


def with_line(card: Card, filled: Mapping[str, str]) -> Card:
    """The card with the line that was written still in its field."""
    written = shown_again(filled.get("line", ""), most=MOST_TALK_NOTE)
    fields = tuple(
        TextField(each.key, each.label, written, multiline=True, max_length=each.max_length)
        if isinstance(each, TextField)
        else each
        for each in card.elements
    )
    return Card(card.title, fields, card.buttons, card.summary)


def clock(minute: int) -> str:
    """Minutes since midnight as "08:30"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _line(entry: QueueEntry, knowledge: Knowledge, now: datetime) -> str:
    texts = knowledge.texts
    return texts(
        "talk.line",
        forms=", ".join(entry.forms) or texts("talk.no_form"),
        outcome=texts(f"outcome.{entry.outcome}"),
        status=texts(f"status.{entry.status}"),
        days=workdays_between(entry.received_at, now),
    )
