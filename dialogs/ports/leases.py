"""What one worker at a time may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Lease:
    """What one worker may do and no other, for a time."""

    holder: str
    until: datetime
    #: Who had it before; the holder itself, if it took it again, and empty if nobody had.
    holder_before: str


class Leases(Protocol):
    """What one worker at a time may do, whoever that is: a lease that ends by itself, not a leader that can vanish."""

    async def take(
        self, name: str, holder: str, *, now: datetime, until: datetime, stale: datetime | None = None
    ) -> Lease | None:
        """Take a lease that is free or over, or one's own again; None if another has it.

        `stale` is an end that counts as over though it lies ahead: it was not moved for as long as a lease lasts, so a
        clock that was wrong set it, of somebody who is gone.
        """
        ...

    async def ends(self, name: str) -> datetime | None:
        """When it ends, by the clock of whoever has it; None if nobody ever had it."""
        ...

    async def release(self, name: str, holder: str) -> None:
        """Let go of it, whatever the clock of the next one says; nothing happens if another has it."""
        ...
