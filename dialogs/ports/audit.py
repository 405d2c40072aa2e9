"""Who did what, never content."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log: who did what to which thing, when and why. Never content."""

    at: datetime
    #: Entra object id, or "system".
    actor: str
    #: What was done: "signal_submitted", "signal_opened", "status_changed" ...
    action: str
    #: What it was done to: a signal's id or reference, or another thing's id.
    subject: str
    reason: str = ""


class Audit(Protocol):
    """The hash-chained log of every view and change."""

    async def append(self, entry: AuditEntry) -> None:
        """Add a line at the end of the chain."""
        ...

    async def broken_at(self) -> int | None:
        """The number of the first line whose hash does not follow from the one before; None if the chain holds."""
        ...
