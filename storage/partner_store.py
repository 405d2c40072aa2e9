"""What administrators changed in the directory of partners, and what others said is not right."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from dialogs.domain.partners import Change, PartnerEdit, PartnerRemark
from dialogs.ports import Conflict
from storage.codec import ContentCodec, Place
from storage.tables import partner_edits, partner_remarks
from storage.transaction import Transaction
from storage.upsert import insert

_EDIT = Place("partner_edits", "content")
_REMARK = Place("partner_remarks", "content")

_ADD = insert(partner_edits).on_conflict_do_nothing().returning(partner_edits.c.version)
_later = partner_edits.alias("later")
_NEWEST = (
    select(partner_edits)
    .where(
        ~select(_later.c.version)
        .where(_later.c.key == partner_edits.c.key, _later.c.version > partner_edits.c.version)
        .exists()
    )
    .order_by(partner_edits.c.key)
)
_HISTORY = (
    select(partner_edits)
    .where(partner_edits.c.key == bindparam("of_key"))
    .order_by(partner_edits.c.version.desc())
    .limit(bindparam("count"))
)
_REVISION = select(func.count()).select_from(partner_edits)
_PUT_REMARK = insert(partner_remarks).on_conflict_do_nothing(index_elements=["id"]).returning(partner_remarks.c.id)
_REMARKS = (
    select(partner_remarks).order_by(partner_remarks.c.at.desc(), partner_remarks.c.id.desc()).limit(bindparam("count"))
)


class PartnerStore:
    """A `dialogs.ports.Partners`."""

    __slots__ = ("_codec", "_transaction")

    def __init__(self, transaction: Transaction, codec: ContentCodec) -> None:
        self._transaction = transaction
        self._codec = codec

    async def add(self, edit: PartnerEdit) -> None:
        """Store a new version of an entry. Raises Conflict if it is there already; the transaction can go on."""
        values: dict[str, Any] = {
            "key": edit.key,
            "version": edit.version,
            "at": edit.at,
            "actor": edit.actor,
            "change": edit.change.value,
            "content": self._codec.seal(_EDIT, _row_id(edit), {"entry": edit.entry, "shipped": edit.shipped}),
        }
        if (await self._transaction.execute(_ADD, values)).first() is None:
            raise Conflict(f"version {edit.version} of {edit.key} is there already")

    async def newest(self) -> Sequence[PartnerEdit]:
        """The newest edit of each entry, by key. Raises ContentUnreadable."""
        return [self._edit(row) for row in await self._transaction.execute(_NEWEST)]

    async def history(self, key: str, limit: int) -> Sequence[PartnerEdit]:
        """The newest edits of an entry, newest first. Raises ContentUnreadable."""
        rows = await self._transaction.execute(_HISTORY, {"of_key": key, "count": limit})
        return [self._edit(row) for row in rows]

    async def revision(self) -> int:
        """How many edits were ever stored: whoever knows this many knows them all."""
        return (await self._transaction.execute(_REVISION)).scalar_one()

    async def put_remark(self, remark: PartnerRemark) -> bool:
        """Store a remark. One whose id is there already is the same one: then False, and nothing happens."""
        values: dict[str, Any] = {
            "id": remark.id,
            "key": remark.key,
            "at": remark.at,
            "actor": remark.actor,
            "content": self._codec.seal(_REMARK, remark.id, remark.text),
        }
        return (await self._transaction.execute(_PUT_REMARK, values)).first() is not None

    async def remarks(self, limit: int) -> Sequence[PartnerRemark]:
        """The newest remarks on all entries, newest first. Raises ContentUnreadable."""
        rows = await self._transaction.execute(_REMARKS, {"count": limit})
        return [
            PartnerRemark(row.id, row.key, row.at, row.actor, self._codec.open(_REMARK, row.id, row.content))
            for row in rows
        ]

    def _edit(self, row: Row[Any]) -> PartnerEdit:
        content = self._codec.open(_EDIT, _row_id(row), row.content)
        return PartnerEdit(
            key=row.key,
            version=row.version,
            at=row.at,
            actor=row.actor,
            change=Change(row.change),
            entry=content["entry"],
            shipped=content["shipped"],
        )


def _row_id(row: PartnerEdit | Row[Any]) -> str:
    return f"{row.key}.{row.version}"
