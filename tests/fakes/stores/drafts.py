"""The drafts in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dialogs.domain.draft_life import OpenDraft, first_due
from dialogs.domain.signals import Draft
from dialogs.ports import Conflict, DraftUnreadable
from tests.fakes.stores.state import Store, dump, load, utc


class MemoryDrafts(Store):
    """A `dialogs.ports.Drafts`."""

    async def of(self, reporter: str) -> Draft | None:
        """The open draft of this person. Raises DraftUnreadable."""
        draft = self._of(reporter)
        if draft is not None and draft.id in self._state.unreadable:
            raise DraftUnreadable(draft.id, draft.version)
        return draft

    def _of(self, reporter: str) -> Draft | None:
        drafts = (load(Draft, each) for each in self._state.drafts.values())
        return next((draft for draft in drafts if draft.reporter == reporter), None)

    async def save(self, draft: Draft) -> Draft:
        """Store it and return it with its version one up. Raises Conflict."""
        stored = self._state.drafts.get(draft.id)
        own = self._of(draft.reporter)
        version = 0 if own is None else own.version
        if version != draft.version or (own is None) != (stored is None) or (own is not None and own.id != draft.id):
            raise Conflict(f"draft {draft.id} is not stored with version {draft.version}")
        saved = replace(draft, version=version + 1)
        self._state.drafts[draft.id] = dump(saved)
        self._state.reminders[draft.id] = (0, first_due(draft.changed_at, practice=draft.practice))
        return saved

    async def remove(self, draft_id: str) -> None:
        """Remove it; nothing happens if it is not there."""
        self._state.drafts.pop(draft_id, None)
        self._state.reminders.pop(draft_id, None)

    async def set_aside(self, draft_id: str, now: datetime) -> None:
        """Keep one that does not open apart; nothing if it is not there."""
        if (stored := self._state.drafts.get(draft_id)) is not None:
            self._state.drafts_aside[draft_id] = stored
            await self.remove(draft_id)

    async def is_aside(self, draft_id: str) -> bool:
        """Whether this one is kept apart."""
        return draft_id in self._state.drafts_aside

    async def take_back(self, now: datetime, limit: int) -> Sequence[str]:
        """Open the drafts again that were set aside, open now, and whose reporter has no other; their ids."""
        back: list[str] = []
        for draft in [load(Draft, each) for each in self._state.drafts_aside.values()][:limit]:
            if draft.id in self._state.unreadable or self._of(draft.reporter) is not None:
                continue
            self._state.drafts[draft.id] = dump(replace(draft, changed_at=now))
            self._state.reminders[draft.id] = (0, utc(first_due(now, practice=True) if draft.practice else now))
            del self._state.drafts_aside[draft.id]
            back.append(draft.id)
        return back

    async def due(self, now: datetime, limit: int) -> Sequence[OpenDraft]:
        """The drafts for which something is due, longest first."""
        due = sorted((at, draft) for draft, (_, at) in self._state.reminders.items() if at <= now)
        return [self._open(draft) for _, draft in due[:limit]]

    async def remind(self, draft: OpenDraft, number: int, next_at: datetime) -> bool:
        """Store that its reporter gets this reminder; False if the draft is not as it was read."""
        if draft.id not in self._state.drafts or self._open(draft.id) != draft:
            return False
        self._state.reminders[draft.id] = (number, utc(next_at))
        return True

    async def expire(self, draft: OpenDraft) -> bool:
        """Remove it; False if the draft is not as it was read."""
        if draft.id not in self._state.drafts or self._open(draft.id) != draft:
            return False
        await self.remove(draft.id)
        return True

    def _open(self, draft_id: str) -> OpenDraft:
        draft = load(Draft, self._state.drafts[draft_id])
        reminded, _ = self._state.reminders[draft_id]
        return OpenDraft(draft.id, draft.reporter, draft.changed_at, draft.version, reminded, draft.practice)
