"""The queue, as a card without content."""

from collections.abc import Sequence

from dialogs.domain.queue import QueueEntry
from dialogs.knowledge import Knowledge
from dialogs.local_time import local_time
from dialogs.officer.parts import note_line, signal_button, status_words
from dialogs.turn import Button, Card, Element, Entry, Line, Style


def queue_card(page: Sequence[QueueEntry], more: int, knowledge: Knowledge, note: str = "") -> Card:
    """A page of the queue, and how many more there are; no content."""
    texts = knowledge.texts
    entries: list[Element] = [
        Entry(
            entry.reference,
            texts(
                "queue.entry",
                outcome=texts(f"outcome.{entry.outcome}"),
                status=status_words(entry.status, entry.owner, knowledge),
                when=local_time(entry.received_at),
            ),
            signal_button(entry, texts("button.open", reference=entry.reference), "signal.open"),
        )
        for entry in page
    ]
    if more:
        entries.append(Line(texts("queue.more", count=more), Style.QUIET))
    return Card(
        title=texts("queue.title"),
        elements=(*note_line(note), *(entries or [Line(texts("queue.empty"))])),
        buttons=(
            Button(texts("button.refresh"), "signal.queue"),
            Button(texts("button.for_others"), "others.form"),
        ),
        summary=texts("queue.title"),
    )
