"""The activities that were taken in."""

from datetime import datetime, timedelta
from typing import Protocol

from dialogs.ports.failures import PATIENCE


class Journal(Protocol):
    """The activities that were taken in, so that a redelivery acts once."""

    async def first_time(
        self,
        activity_id: str,
        at: datetime,
        *,
        twin: bytes = b"",
        conversation: str = "",
        patience: timedelta = PATIENCE,
    ) -> bool:
        """Write the activity down and hold its conversation until the unit ends; False if it was there already.

        An id counts within its conversation: Teams gives the same one to messages in other chats (Microsoft Graph,
        "chatMessage resource type").
        `twin` is what the same activity has in common with itself under another id, such as a digest of it; it is
        stored as a keyed digest only. Raises Busy when another unit holds the conversation for longer than `patience`.
        """
        ...

    async def forget_before(self, at: datetime) -> int:
        """Remove what is older; the number removed."""
        ...
