"""The open drafts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from dialogs.domain.draft_life import OpenDraft, first_due
from dialogs.domain.signals import Draft
from dialogs.ports import Conflict
from storage.codec import ContentCodec, Place
from storage.contents import (
    answers_from_json,
    answers_to_json,
    origin_from_json,
    origin_to_json,
    suggestions_from_json,
    suggestions_to_json,
)
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
        reminded=bindparam("reminded"),
        due_at=bindparam("due_at"),
    )
    .returning(drafts.c.version)
)
_REMOVE = delete(drafts).where(drafts.c.id == bindparam("draft_id"))

_DUE = (
    select(
        drafts.c.id,
        drafts.c.reporter,
        drafts.c.changed_at,
        drafts.c.version,
        drafts.c.reminded,
        drafts.c.practice,
    )
    .where(drafts.c.due_at <= bindparam("now"))
    .order_by(drafts.c.due_at)
    .limit(bindparam("count"))
)
_unchanged = (
    drafts.c.id == bindparam("draft_id"),
    drafts.c.version == bindparam("stored_version"),
    drafts.c.reminded == bindparam("stored_reminded"),
)
_REMIND = (
    update(drafts)
    .where(*_unchanged)
    .values(reminded=bindparam("number"), due_at=bindparam("next_at"))
    .returning(drafts.c.id)
)
_EXPIRE = delete(drafts).where(*_unchanged).returning(drafts.c.id)


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
            "reminded": 0,
            "due_at": first_due(draft.changed_at, practice=draft.practice),
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

    async def due(self, now: datetime, limit: int) -> Sequence[OpenDraft]:
        """The drafts for which something is due, longest first, read along the index; their content stays sealed."""
        rows = await self._transaction.execute(_DUE, {"now": now, "count": limit})
        return [OpenDraft(*row) for row in rows]

    async def remind(self, draft: OpenDraft, number: int, next_at: datetime) -> bool:
        """Store that its reporter gets this reminder; False if the draft is not as it was read."""
        values = {**_as_read(draft), "number": number, "next_at": next_at}
        return (await self._transaction.execute(_REMIND, values)).first() is not None

    async def expire(self, draft: OpenDraft) -> bool:
        """Remove it; False if the draft is not as it was read."""
        return (await self._transaction.execute(_EXPIRE, _as_read(draft))).first() is not None

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
            # Drafts that were stored before there was one have none.
            origin=origin_from_json(content.get("origin")),
        )


def _as_read(draft: OpenDraft) -> dict[str, Any]:
    return {"draft_id": draft.id, "stored_version": draft.version, "stored_reminded": draft.reminded}


def _content(draft: Draft) -> dict[str, Any]:
    return {
        "answers": answers_to_json(draft.answers),
        "suggestions": suggestions_to_json(draft.suggestions),
        "danger_quote": draft.danger_quote,
        "minor_read": draft.minor_read,
        "focus": draft.focus,
        "origin": origin_to_json(draft.origin),
    }
