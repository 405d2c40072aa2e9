"""The queue, the notice of what is new and the daily digest: lists of signals without content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.domain.assessment import Outcome
from dialogs.domain.queue import QueueEntry, QueueFilter, QueuePosition
from dialogs.domain.working_time import workdays_between
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_date, local_time
from dialogs.officer.parts import name_of, note_line, signal_button, status_words
from dialogs.texts import Texts
from dialogs.turn import Button, Card, ChoiceField, Element, Entry, Line, Option, Style, Weight

#: As many as fit two screens of a phone.
PAGE = 8


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue."""

    filter: QueueFilter
    entries: Sequence[QueueEntry]
    #: How many the filter gives in all.
    size: int
    #: Which page it is, from 1; a signal that came in since may have moved it by one.
    number: int

    @property
    def of(self) -> int:
        """How many pages there are."""
        return pages_of(self.size)


def pages_of(size: int) -> int:
    """How many pages so many signals take; an empty queue takes one."""
    return max(1, -(-size // PAGE))


def queue_card(page: QueuePage, knowledge: Knowledge, now: datetime, note: str = "") -> Card:
    """A page of the queue, with the filters."""
    texts = knowledge.texts
    options = tuple(Option(each, texts(f"queue.filter.{each}")) for each in QueueFilter)
    listed: list[Element] = [_entry(entry, knowledge, now) for entry in page.entries]
    if not listed:
        listed = [Line(texts("queue.empty" if page.filter is QueueFilter.ALL else "queue.empty_filter"))]
    if page.of > 1 and page.entries:
        listed.append(Line(_where(page, texts), Style.QUIET))
    filter_field = ChoiceField("filter", texts("queue.show"), options, (page.filter,), folded=True)
    buttons = [Button(texts("button.show"), "signal.queue", {"from": "field"})]
    if page.number < page.of and page.entries:
        behind = page.entries[-1].position
        buttons.append(Button(texts("button.next_page"), "signal.queue", _carried(page, behind)))
    if page.number > 1:
        buttons.append(Button(texts("button.first_page"), "signal.queue", {"filter": page.filter}))
    return Card(
        title=texts("queue.title"),
        elements=(*note_line(note), *listed, filter_field),
        buttons=(
            *buttons,
            Button(texts("button.for_others"), "others.form"),
            Button(texts("button.desk"), "signal.desk"),
        ),
        summary=texts("queue.title"),
    )


def _where(page: QueuePage, texts: Texts) -> str:
    """Which page it is, and what to type for the next one: Teams does not tell which page is on screen."""
    number = min(page.number, page.of)
    size = texts("queue.size", part=texts("section.page", page=number, of=page.of), size=page.size)
    if number == page.of:
        return size
    listed = texts("queue.title" if page.filter is QueueFilter.ALL else f"queue.filter.{page.filter}")
    go_on = texts("queue.go_on", words=f"{listed.lower()} {number + 1}")
    return f"{size} {go_on}"


def inbox_card(entries: Sequence[QueueEntry], more: int, knowledge: Knowledge, now: datetime) -> Card:
    """The one open notice of what nobody has taken up: as it is now, whenever it is drawn."""
    texts = knowledge.texts
    if not entries:
        return Card(texts("inbox.none"), (Line(texts("inbox.all_taken_up"), Style.GOOD),), summary=texts("inbox.none"))
    title = texts("inbox.title", count=len(entries) + more)
    elements: list[Element] = [_entry(entry, knowledge, now) for entry in entries]
    if more:
        elements.append(Line(texts("inbox.more", count=more), Style.QUIET))
    return Card(
        title=title,
        elements=tuple(elements),
        buttons=(Button(texts("button.queue"), "signal.queue", {"filter": QueueFilter.UNCLAIMED}),),
        summary=title,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """What an officer's digest says."""

    counts: Mapping[QueueFilter, int]
    #: How many have an owner who may not handle them any more; none that the reader is excluded from.
    orphans: int
    #: Colleagues who are away, and until when.
    absent: Mapping[str, datetime]


def digest_card(figures: Figures, knowledge: Knowledge) -> Card:
    """The day's figures, each a way into the queue."""
    texts = knowledge.texts
    title = texts("digest.title", count=figures.counts[QueueFilter.ALL])
    elements: list[Element] = [
        Entry(
            texts(f"queue.filter.{each}"),
            str(figures.counts[each]),
            Button(texts("button.show"), "signal.queue", {"filter": each}),
        )
        for each in QueueFilter
        if each is not QueueFilter.ALL and figures.counts[each]
    ]
    if figures.orphans:
        elements.append(Line(texts("digest.orphans", count=figures.orphans), Style.ALARM))
    elements += [
        Line(texts("digest.absent", name=name_of(person, knowledge), until=local_date(until)))
        for person, until in figures.absent.items()
    ]
    return Card(
        title=title,
        elements=tuple(elements),
        buttons=(
            Button(texts("button.queue"), "signal.queue", weight=Weight.MAIN),
            Button(texts("button.desk"), "signal.desk"),
        ),
        summary=title,
    )


def _entry(entry: QueueEntry, knowledge: Knowledge, now: datetime) -> Entry:
    texts = knowledge.texts
    days = workdays_between(entry.received_at, now)
    parts = [
        texts(f"outcome.{entry.outcome}"),
        status_words(entry.status, entry.owner, knowledge),
        texts("queue.days", days=days) if days else local_time(entry.received_at),
    ]
    if entry.partner_due_at is not None and entry.partner_due_at <= now:
        parts.append(texts("queue.partner_late"))
    if entry.feedback_due_at is not None and entry.feedback_due_at <= now:
        parts.append(texts("queue.feedback_late"))
    label = texts("queue.acute", reference=entry.reference) if entry.outcome is Outcome.ACUTE else entry.reference
    open_it = signal_button(entry, texts("button.open", reference=entry.reference), "signal.open")
    return Entry(label, " · ".join(parts), open_it)


def _carried(page: QueuePage, behind: QueuePosition) -> dict[str, str]:
    return {
        "filter": page.filter,
        "page": str(page.number + 1),
        "rank": str(behind.rank),
        "at": behind.received_at.isoformat(),
        "behind": behind.signal_id,
    }
