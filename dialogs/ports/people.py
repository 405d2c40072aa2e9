"""Who was seen and where, what they set for themselves, and which messages show them a signal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dialogs.domain.addresses import Address, CardAddress, CardSubject
from dialogs.domain.desk import Desk, TalkNote
from dialogs.domain.nudges import Interval


class People(Protocol):
    """The people who were seen, and where they can be reached."""

    async def seen(self, address: Address) -> None:
        """Store or refresh where this person can be reached; they are reachable again."""
        ...

    async def address(self, person: str) -> Address | None:
        """Where this person can be reached."""
        ...

    async def addresses(self, people: Sequence[str]) -> dict[str, Address]:
        """The known ones among these people."""
        ...

    async def unreachable(self, person: str) -> None:
        """Teams said that this person cannot be reached."""
        ...

    async def lacks_app(self, person: str, since: datetime) -> None:
        """Teams said that this person, who was never seen, does not have the app."""
        ...

    async def without_app(self, people: Sequence[str]) -> dict[str, datetime]:
        """Those among these people who do not have the app as far as is known, and since when."""
        ...


class Nudges(Protocol):
    """How often people are nudged, and who wants none."""

    async def take(self, now: datetime, before: datetime, limit: int) -> Sequence[str]:
        """Reachable people who want nudges, whose last one (or else first sight) was before that moment.

        It is now from here on. Of two workers at once each gets other people.
        """
        ...

    async def interval(self) -> Interval | None:
        """What an officer set last; None: nobody ever did."""
        ...

    async def set_interval(self, interval: Interval) -> None:
        """From now on this often; what was set before is kept."""
        ...

    async def refuse(self, person: str) -> None:
        """This person wants none; nothing happens if that was known."""
        ...

    async def allow(self, person: str) -> None:
        """This person wants them again."""
        ...


class Cards(Protocol):
    """The messages that show a signal, so that they can be edited in place."""

    async def remember(self, card: CardAddress) -> None:
        """Store the newest message that shows this signal to this person."""
        ...

    async def of(self, signal_id: str, subject: CardSubject) -> Sequence[CardAddress]:
        """All messages that show this signal so."""
        ...

    async def forget(self, card: CardAddress) -> None:
        """This message shows it no longer; nothing happens if a newer one does."""
        ...


class Desks(Protocol):
    """What officers set for themselves, and their lines for the talk with partners."""

    async def of(self, person: str) -> Desk:
        """The desk of this person; a new one where nothing was set."""
        ...

    async def save(self, desk: Desk) -> None:
        """Store it."""
        ...

    async def absent(self, now: datetime) -> dict[str, datetime]:
        """Who is away at this moment, and until when."""
        ...

    async def take_digest(self, person: str, due_at: datetime | None, next_at: datetime) -> bool:
        """Store when the next digest is due; False if another worker did (`due_at` is no longer as it was read)."""
        ...

    async def add_note(self, note: TalkNote) -> bool:
        """Store a line for the talk. One whose id is there already is the same one: then False, and nothing happens."""
        ...

    async def notes(self, since: datetime, limit: int) -> Sequence[TalkNote]:
        """The lines since that moment, newest first."""
        ...
