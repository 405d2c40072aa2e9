"""The people who were seen, and where they can be reached."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, false, select, update

from dialogs.domain.addresses import Address
from storage.codec import ContentCodec, Place
from storage.tables import people, without_app
from storage.transaction import Transaction
from storage.upsert import insert

_NAME = Place("people", "name")

_insert = insert(people)
_SEEN = _insert.on_conflict_do_update(
    index_elements=["person"],
    set_={column.name: column for column in _insert.excluded if column.name not in {"person", "nudged_at"}},
)
_ADDRESSES = select(people).where(people.c.person.in_(bindparam("persons", expanding=True)))
_LACKS_APP = insert(without_app).on_conflict_do_nothing()
_WITHOUT_APP = select(without_app).where(
    without_app.c.person.in_(bindparam("persons", expanding=True)),
    ~exists().where(people.c.person == without_app.c.person, people.c.seen_at >= without_app.c.since),
)
_UNREACHABLE = update(people).where(people.c.person == bindparam("of_person")).values(reachable=false())


class PeopleStore:
    """A `dialogs.ports.People`."""

    __slots__ = ("_codec", "_transaction")

    def __init__(self, transaction: Transaction, codec: ContentCodec) -> None:
        self._transaction = transaction
        self._codec = codec

    async def seen(self, address: Address) -> None:
        """Store or refresh where this person can be reached; they are reachable again."""
        values: dict[str, Any] = {
            "person": address.person,
            "name": self._codec.seal(_NAME, address.person, address.name),
            "conversation_id": address.conversation_id,
            "service_url": address.service_url,
            "tenant_id": address.tenant_id,
            "teams_id": address.teams_id,
            "bot_id": address.bot_id,
            "seen_at": address.seen_at,
            "nudged_at": address.seen_at,
            "reachable": True,
        }
        await self._transaction.execute(_SEEN, values)

    async def address(self, person: str) -> Address | None:
        """Where this person can be reached. Raises ContentUnreadable."""
        return (await self.addresses([person])).get(person)

    async def addresses(self, people: Sequence[str]) -> dict[str, Address]:
        """The known ones among these people. Raises ContentUnreadable."""
        rows = await self._transaction.execute(_ADDRESSES, {"persons": list(people)})
        return {row.person: self._address(row) for row in rows}

    async def unreachable(self, person: str) -> None:
        """Teams said that this person cannot be reached."""
        await self._transaction.execute(_UNREACHABLE, {"of_person": person})

    async def lacks_app(self, person: str, since: datetime) -> None:
        """Teams said that this person does not have the app."""
        await self._transaction.execute(_LACKS_APP, {"person": person, "since": since})

    async def without_app(self, people: Sequence[str]) -> dict[str, datetime]:
        """Those among these people who do not have the app and were not seen since."""
        rows = await self._transaction.execute(_WITHOUT_APP, {"persons": list(people)})
        return {row.person: row.since for row in rows}

    def _address(self, row: Row[Any]) -> Address:
        return Address(
            person=row.person,
            name=self._codec.open(_NAME, row.person, row.name),
            conversation_id=row.conversation_id,
            service_url=row.service_url,
            tenant_id=row.tenant_id,
            teams_id=row.teams_id,
            bot_id=row.bot_id,
            seen_at=row.seen_at,
            reachable=row.reachable,
        )
