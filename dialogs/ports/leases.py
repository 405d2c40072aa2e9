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

    async def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> Lease | None:
        """Take a lease that is free or over, or one's own again; None if another has it.

        One that ends a minute later than this one would was taken by a clock that was wrong, and is over too.
        """
        ...

    async def release(self, name: str, holder: str, now: datetime) -> None:
        """Let go of it now; nothing happens if another has it."""
        ...
