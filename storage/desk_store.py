"""What officers set for themselves, and their lines for the talk with partners."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from dialogs.domain.desk import DIGEST_MINUTE, Desk, TalkNote
from storage.codec import ContentCodec, Place
from storage.tables import desks, talk_notes
from storage.transaction import Transaction
from storage.upsert import insert

_NOTE = Place("talk_notes", "content")

_OF = select(desks).where(desks.c.person == bindparam("of_person"))
_insert = insert(desks)
_SAVE = _insert.on_conflict_do_update(
    index_elements=["person"],
    set_={name: _insert.excluded[name] for name in ("absent_until", "digest_minute", "digest_due_at")},
)
_ABSENT = select(desks.c.person, desks.c.absent_until).where(desks.c.absent_until > bindparam("now"))
# Whoever is first stores the next moment; a desk without a row gets one.
_TAKE_FIRST = _insert.on_conflict_do_update(
    index_elements=["person"],
    set_={"digest_due_at": _insert.excluded.digest_due_at},
    where=desks.c.digest_due_at.is_(None),
).returning(desks.c.person)
_TAKE_NEXT = (
    desks.update()
    .where(desks.c.person == bindparam("of_person"), desks.c.digest_due_at == bindparam("was_due_at"))
    .values(digest_due_at=bindparam("next_at"))
    .returning(desks.c.person)
)
_ADD_NOTE = insert(talk_notes).on_conflict_do_nothing().returning(talk_notes.c.id)
_NOTES = (
    select(talk_notes)
    .where(talk_notes.c.at >= bindparam("since"))
    .order_by(talk_notes.c.at.desc(), talk_notes.c.id)
    .limit(bindparam("count"))
)


class DeskStore:
    """A `dialogs.ports.Desks`."""

    __slots__ = ("_codec", "_transaction")

    def __init__(self, transaction: Transaction, codec: ContentCodec) -> None:
        self._transaction = transaction
        self._codec = codec

    async def of(self, person: str) -> Desk:
        """The desk of this person; a new one where nothing was set."""
        row = (await self._transaction.execute(_OF, {"of_person": person})).first()
        if row is None:
            return Desk(person)
        return Desk(row.person, row.absent_until, row.digest_minute, row.digest_due_at)

    async def save(self, desk: Desk) -> None:
        """Store it."""
        values = {
            "person": desk.person,
            "absent_until": desk.absent_until,
            "digest_minute": desk.digest_minute,
            "digest_due_at": desk.digest_due_at,
        }
        await self._transaction.execute(_SAVE, values)

    async def absent(self, now: datetime) -> dict[str, datetime]:
        """Who is away at this moment, and until when."""
        rows = await self._transaction.execute(_ABSENT, {"now": now})
        return {row.person: row.absent_until for row in rows}

    async def take_digest(self, person: str, due_at: datetime | None, next_at: datetime) -> bool:
        """Store when the next digest is due; False if another worker did."""
        if due_at is None:
            values = {"person": person, "digest_minute": DIGEST_MINUTE, "digest_due_at": next_at}
            return (await self._transaction.execute(_TAKE_FIRST, values)).first() is not None
        values = {"of_person": person, "was_due_at": due_at, "next_at": next_at}
        return (await self._transaction.execute(_TAKE_NEXT, values)).first() is not None

    async def add_note(self, note: TalkNote) -> bool:
        """Store a line for the talk. One whose id is there already is the same one: then False."""
        sealed = self._codec.seal(_NOTE, note.id, note.text)
        values = {"id": note.id, "at": note.at, "actor": note.actor, "content": sealed}
        return (await self._transaction.execute(_ADD_NOTE, values)).first() is not None

    async def notes(self, since: datetime, limit: int) -> Sequence[TalkNote]:
        """The lines since that moment, newest first. Raises ContentUnreadable."""
        rows = await self._transaction.execute(_NOTES, {"since": since, "count": limit})
        return [TalkNote(row.id, row.at, row.actor, self._codec.open(_NOTE, row.id, row.content)) for row in rows]
