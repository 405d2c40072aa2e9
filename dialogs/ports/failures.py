"""Why a unit of work stores nothing: somebody was first, or there is no room."""

from datetime import timedelta


class Conflict(Exception):
    """Somebody else stored a newer version of the same thing first. Nothing was stored."""


class DraftUnreadable(Exception):
    """A stored draft does not open: its key is not here, it was damaged, or a newer version wrote it.

    The unit of work can go on: nothing was changed.
    """

    def __init__(self, draft_id: str, version: int) -> None:
        super().__init__(draft_id)
        self.draft_id = draft_id
        self.version = version


class Busy(Exception):
    """There is no room, or somebody else holds what is needed for too long. Nothing was stored."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: Why, in a word: "full", "stopping", "conversation", "connections" or "lock".
        self.reason = reason


#: How long a turn waits by itself for another turn of the same conversation.
PATIENCE = timedelta(seconds=10)
