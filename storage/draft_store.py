"""The open drafts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, bindparam, delete, exists, select, update

from dialogs.domain.draft_life import OpenDraft, first_due
from dialogs.domain.signals import Draft
from dialogs.ports import Conflict, DraftUnreadable
from storage.codec import ContentCodec, ContentUnreadable, Place
from storage.contents import (
    answers_from_json,
    answers_to_json,
    origin_from_json,
    origin_to_json,
    suggestions_from_json,
    suggestions_to_json,
)
from storage.tables import drafts, drafts_aside
from storage.transaction import Transaction
from storage.upsert import insert

log = structlog.get_logger(__name__)

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

_TAKE_OUT = delete(drafts).where(drafts.c.id == bindparam("draft_id")).returning(drafts)
_PUT_ASIDE = insert(drafts_aside)
_IS_ASIDE = select(exists().where(drafts_aside.c.id == bindparam("draft_id")))
# The newest first, as many older ones may never open again.
_ASIDE = (
    select(drafts_aside)
    .where(~exists().where(drafts.c.reporter == drafts_aside.c.reporter))
    .order_by(drafts_aside.c.aside_at.desc())
    .limit(bindparam("count"))
)
_NO_LONGER_ASIDE = delete(drafts_aside).where(drafts_aside.c.id == bindparam("draft_id"))

#: What JSON raises that is not as this version writes it.
_NOT_OURS = (ContentUnreadable, AttributeError, KeyError, TypeError, ValueError)


class DraftStore:
    """A `dialogs.ports.Drafts`."""

    __slots__ = ("_codec", "_transaction")

    def __init__(self, transaction: Transaction, codec: ContentCodec) -> None:
        self._transaction = transaction
        self._codec = codec

    async def of(self, reporter: str) -> Draft | None:
        """The open draft of this person. Raises DraftUnreadable."""
        row = (await self._transaction.execute(_OF, {"of_reporter": reporter})).first()
        if row is None:
            return None
        try:
            return self._draft(row, row.changed_at)
        except _NOT_OURS as error:
            # Of ours it names key and row; what else is wrong may quote what was written.
            why = str(error) if isinstance(error, ContentUnreadable) else type(error).__name__
            log.error("draft_unreadable", draft=row.id, why=why)  # noqa: TRY400 - as above
            raise DraftUnreadable(row.id, row.version) from None

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

    async def set_aside(self, draft_id: str, now: datetime) -> None:
        """Keep one that does not open apart, so that its reporter can begin another; nothing if it is not there."""
        row = (await self._transaction.execute(_TAKE_OUT, {"draft_id": draft_id})).first()
        if row is not None:
            same = {column.name: getattr(row, column.name) for column in drafts_aside.c if column.name != "aside_at"}
            await self._transaction.execute(_PUT_ASIDE, same | {"aside_at": now})

    async def is_aside(self, draft_id: str) -> bool:
        """Whether this one is kept apart."""
        return bool((await self._transaction.execute(_IS_ASIDE, {"draft_id": draft_id})).scalar_one())

    async def take_back(self, now: datetime, limit: int) -> Sequence[str]:
        """Open the drafts again that were set aside, open now, and whose reporter has no other; their ids."""
        rows = (await self._transaction.execute(_ASIDE, {"count": limit})).all()
        return [row.id for row in rows if self._opens(row) and await self._took_back(row, now)]

    def _opens(self, row: Row[Any]) -> bool:
        try:
            self._draft(row, row.aside_at)
        except _NOT_OURS:
            return False
        return True

    async def _took_back(self, row: Row[Any], now: datetime) -> bool:
        """Move it back; False if its reporter has begun another, or another replica did it."""
        values = {
            "id": row.id,
            "reporter": row.reporter,
            "started_at": row.started_at,
            "changed_at": now,
            "version": row.version,
            "practice": row.practice,
            "content": row.content,
            "reminded": 0,
            "due_at": first_due(now, practice=True) if row.practice else now,
        }
        if (await self._transaction.execute(_ADD, values)).first() is None:
            return False
        await self._transaction.execute(_NO_LONGER_ASIDE, {"draft_id": row.id})
        return True

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

    def _draft(self, row: Row[Any], changed_at: datetime) -> Draft:
        content = self._codec.open(_CONTENT, row.id, row.content)
        return Draft(
            id=row.id,
            reporter=row.reporter,
            started_at=row.started_at,
            changed_at=changed_at,
            version=row.version,
            answers=answers_from_json(content["answers"]),
            suggestions=suggestions_from_json(content["suggestions"]),
            danger_quote=content["danger_quote"],
            # Drafts of the release before have no words for it.
            minor_quote=content.get("minor_quote"),
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
        # For the release before, which reads it while both run.
        "minor_read": True if draft.minor_quote else None,
        "minor_quote": draft.minor_quote,
        "focus": draft.focus,
        "origin": origin_to_json(draft.origin),
    }
