"""What officers set for themselves, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dialogs.domain.desk import Desk, TalkNote
from tests.fakes.stores.state import Store, dump, load, utc


class MemoryDesks(Store):
    """A `dialogs.ports.Desks`."""

    async def of(self, person: str) -> Desk:
        """The desk of this person; a new one where nothing was set."""
        stored = self._state.desks.get(person)
        return Desk(person) if stored is None else load(Desk, stored)

    async def save(self, desk: Desk) -> None:
        """Store it."""
        self._state.desks[desk.person] = dump(desk)

    async def absent(self, now: datetime) -> dict[str, datetime]:
        """Who is away at this moment, and until when."""
        desks = (load(Desk, each) for each in self._state.desks.values())
        return {desk.person: desk.absent_until for desk in desks if desk.absent_until and desk.absent_until > now}

    async def take_digest(self, person: str, due_at: datetime | None, next_at: datetime) -> bool:
        """Store when the next digest is due; False if another worker did."""
        desk = await self.of(person)
        if desk.digest_due_at != due_at:
            return False
        await self.save(replace(desk, digest_due_at=utc(next_at)))
        return True

    async def add_note(self, note: TalkNote) -> bool:
        """Store a line for the talk; False if its id is there already."""
        is_new = note.id not in self._state.talk_notes
        self._state.talk_notes.setdefault(note.id, dump(note))
        return is_new

    async def notes(self, since: datetime, limit: int) -> Sequence[TalkNote]:
        """The lines since that moment, newest first."""
        notes = [load(TalkNote, each) for each in self._state.talk_notes.values()]
        newest = sorted((note for note in notes if note.at >= since), key=lambda note: note.id)
        return sorted(newest, key=lambda note: note.at, reverse=True)[:limit]
