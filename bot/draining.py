"""The draining lease, as the replica that empties the outbox knows it: asked for just before each message leaves."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.teams.errors import HeldBack


class Draining:
    """Until when this replica drains the outbox. One that stood still finds that another may have gone on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        #: None: we let go of it, or never had it.
        self.until: datetime | None = None
        #: The end of another's lease as it was seen last, and when it was seen first.
        self._other: tuple[datetime | None, datetime] | None = None

    def is_taken(self, until: datetime) -> None:
        """It is ours until then."""
        self.until, self._other = until, None

    def is_with_another(self, ends: datetime | None) -> None:
        """It is another's, until then by its clock, which may be wrong."""
        self.until = None
        if self._other is None or self._other[0] != ends:
            self._other = ends, self._clock()

    def stale(self, lasts: timedelta) -> datetime | None:
        """The end of a lease that its holder did not move for as long as one lasts: they are gone."""
        if self._other is None or self._clock() - self._other[1] < lasts:
            return None
        return self._other[0]

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
