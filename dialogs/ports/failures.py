"""Why a unit of work stores nothing: somebody was first, or there is no room."""

from datetime import timedelta


class Conflict(Exception):
    """Somebody else stored a newer version of the same thing first. Nothing was stored."""


class Busy(Exception):
    """There is no room, or somebody else holds what is needed for too long. Nothing was stored."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: Why, in a word: "full", "stopping", "conversation", "connections" or "lock".
        self.reason = reason


#: How long a turn waits by itself for another turn of the same conversation.
PATIENCE = timedelta(seconds=10)
