"""What a reporter hears because time passes: a draft is still open, a draft is gone."""

from datetime import datetime

from dialogs.local_time import local_time
from dialogs.texts import Texts
from dialogs.turn import Button, Card, Line, Style, Weight


def reminder_card(number: int, until: datetime, texts: Texts) -> Card:
    """A draft is open; without a word of what is in it."""
    last = number > 1
    return Card(
        title=texts("reminder.title"),
        elements=(
            Line(texts("reminder.last" if last else "reminder.first")),
            Line(texts("reminder.until", until=local_time(until))),
            Line(texts("danger.short"), Style.QUIET),
        ),
        buttons=(
            Button(texts("button.resume"), "menu.resume", weight=Weight.MAIN),
            Button(texts("button.stop"), "menu.stop"),
        ),
        summary=texts("reminder.title"),
    )


def expired_card(texts: Texts) -> Card:
    """The draft is gone, nothing was sent, and reporting is still welcome."""
    return Card(
        title=texts("expired.title"),
        elements=(Line(texts("expired.text")), Line(texts("expired.again")), Line(texts("danger.short"), Style.QUIET)),
        buttons=(Button(texts("button.report"), "menu.report", weight=Weight.MAIN),),
        summary=texts("expired.title"),
    )


def shrunk_card(texts: Texts, *, practice: bool) -> Card:
    """What is left of the intake card of a draft that expired."""
    title = texts("expired.practice" if practice else "expired.title")
    return Card(title=title, summary=title, practice=practice)
