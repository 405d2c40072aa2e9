"""The open drafts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dialogs.domain.draft_life import OpenDraft
from dialogs.domain.signals import Draft


class Drafts(Protocol):
    """The open drafts: at most one a reporter."""

    async def of(self, reporter: str) -> Draft | None:
        """The open draft of this person. Raises DraftUnreadable."""
        ...

    async def save(self, draft: Draft) -> Draft:
        """Store it and return it with its version one up.

        A new draft has version 0. Raises Conflict if the stored version is not `draft.version`, or if the reporter
        has another draft.
        """
        ...

    async def remove(self, draft_id: str) -> None:
        """Remove it; nothing happens if it is not there."""
        ...

    async def set_aside(self, draft_id: str, now: datetime) -> None:
        """Keep one that does not open apart, so that its reporter can begin another; nothing if it is not there."""
        ...

    async def is_aside(self, draft_id: str) -> bool:
        """Whether this one is kept apart."""
        ...

    async def take_back(self, now: datetime, limit: int) -> Sequence[str]:
        """Open the drafts again that were set aside, open now, and whose reporter has no other; their ids.

        Each is as it was, and lives as if changed now. Its reporter is due to be reminded of it at once, unless it is a
        practice.
        """
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[OpenDraft]:
        """The drafts for which something is due, by `first_due` after a change or by `remind`; longest due first."""
        ...

    async def remind(self, draft: OpenDraft, number: int, next_at: datetime) -> bool:
        """Store that its reporter gets this reminder, and when something is due again.

        False if the draft was changed, reminded or removed meanwhile. The version stays: no card goes out of date.
        """
        ...

    async def expire(self, draft: OpenDraft) -> bool:
        """Remove it; False if it was changed, reminded or removed meanwhile: then it stays as it is."""
        ...
