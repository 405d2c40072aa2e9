"""The draining lease, as the replica that empties the outbox knows it: asked for just before each message leaves."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clock import Clock
from bot.teams.errors import HeldBack


class Draining:
    """Until when this replica drains the outbox. One that stood still finds that another may have gone on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        #: None: we let go of it, or never had it.
        self.until: datetime | None = None

    def is_ours(self) -> bool:
        """Whether the draining lease is ours at this moment."""
        return self.until is not None and self._clock() < self.until

    def demand(self) -> None:
        """Raises HeldBack unless it is."""
        if not self.is_ours():
            raise HeldBack(0)

    def at_last(self, admit: Callable[[str], Awaitable[None]]) -> Callable[[str], Awaitable[None]]:
        """Let through what `admit` lets through, if the lease is still ours after that: it may wait for a while."""

        async def admitted(conversation: str) -> None:
            await admit(conversation)
            self.demand()

        return admitted
