"""The open drafts."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from dialogs.domain.signals import Draft
from dialogs.ports import Conflict
from storage.codec import ContentCodec, Place
from storage.contents import answers_from_json, answers_to_json, suggestions_from_json, suggestions_to_json
from storage.tables import drafts
from storage.transaction import Transaction
from storage.upsert import insert

_CONTENT = Place("drafts", "content")

_OF = select(drafts).where(drafts.c.reporter == bindparam("of_reporter"))
_ADD = insert(drafts).on_conflict_do_nothing().returning(drafts.c.version)
_SAVE = (
    update(drafts)
    .where(
        drafts.c.id == bindparam("draft_id"),
        drafts.c.reporter == bindparam("of_reporter"),
        drafts.c.version == bindparam("stored_version"),
    )
    .values(
        changed_at=bindparam("changed_at"),
        version=bindparam("version"),
        practice=bindparam("practice"),
        content=bindparam("content"),
    )
    .returning(drafts.c.version)
)
_REMOVE = delete(drafts).where(drafts.c.id == bindparam("draft_id"))


class DraftStore:
    """A `dialogs.ports.Drafts`."""

    __slots__ = ("_codec", "_transaction")

    def __init__(self, transaction: Transaction, codec: ContentCodec) -> None:
        self._transaction = transaction
        self._codec = codec

    async def of(self, reporter: str) -> Draft | None:
        """The open draft of this person. Raises ContentUnreadable."""
        row = (await self._transaction.execute(_OF, {"of_reporter": reporter})).first()
        return None if row is None else self._draft(row)

    async def save(self, draft: Draft) -> Draft:
        """Store it and return it with its version one up. Raises Conflict; the transaction can go on."""
        version = draft.version + 1
        values: dict[str, Any] = {
            "changed_at": draft.changed_at,
            "version": version,
            "practice": draft.practice,
            "content": self._codec.seal(_CONTENT, draft.id, _content(draft)),
        }
        if draft.version == 0:
            values |= {"id": draft.id, "reporter": draft.reporter, "started_at": draft.started_at}
            result = await self._transaction.execute(_ADD, values)
        else:
            values |= {"draft_id": draft.id, "of_reporter": draft.reporter, "stored_version": draft.version}
            result = await self._transaction.execute(_SAVE, values)
        if result.first() is None:
            raise Conflict(f"draft {draft.id} is not stored with version {draft.version}")
        return replace(draft, version=version)

    async def remove(self, draft_id: str) -> None:
        """Remove it; nothing happens if it is not there."""
        await self._transaction.execute(_REMOVE, {"draft_id": draft_id})

    def _draft(self, row: Row[Any]) -> Draft:
        content = self._codec.open(_CONTENT, row.id, row.content)
        return Draft(
            id=row.id,
            reporter=row.reporter,
            started_at=row.started_at,
            changed_at=row.changed_at,
            version=row.version,
            answers=answers_from_json(content["answers"]),
            suggestions=suggestions_from_json(content["suggestions"]),
            danger_quote=content["danger_quote"],
            minor_read=content["minor_read"],
            focus=content["focus"],
            practice=row.practice,
        )


def _content(draft: Draft) -> dict[str, Any]:
    return {
        "answers": answers_to_json(draft.answers),
        "suggestions": suggestions_to_json(draft.suggestions),
        "danger_quote": draft.danger_quote,
        "minor_read": draft.minor_read,
        "focus": draft.focus,
    }
