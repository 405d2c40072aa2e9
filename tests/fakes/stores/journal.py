"""The activities in memory."""

import hashlib
from datetime import datetime, timedelta

from dialogs.ports import PATIENCE
from tests.fakes.stores.state import Store, utc


class MemoryJournal(Store):
    """A `dialogs.ports.Journal`."""

    async def first_time(
        self,
        activity_id: str,
        at: datetime,
        *,
        twin: bytes = b"",
        conversation: str = "",
        patience: timedelta = PATIENCE,
    ) -> bool:
        """Write the activity down; False if it was there already. One unit at a time: the conversation is held."""
        key = f"{conversation} {activity_id}"
        keys = {key, hashlib.sha256(twin).hexdigest() if twin else key}
        first = not keys & self._state.activities.keys()
        for key in keys:
            self._state.activities.setdefault(key, utc(at))
        return first

    async def forget_before(self, at: datetime) -> int:
        """Remove what is older; the number removed."""
        old = [activity for activity, seen in self._state.activities.items() if seen < utc(at)]
        for activity in old:
            del self._state.activities[activity]
        return len(old)
