"""The audit log in memory."""

import hashlib
from collections.abc import Sequence

from dialogs.ports import AuditEntry
from tests.fakes.stores.state import Store, dump


class MemoryAudit(Store):
    """A `dialogs.ports.Audit`."""

    async def append(self, entry: AuditEntry) -> None:
        """Add a line at the end of the chain."""
        line = dump(entry)
        self._state.audit.append((line, _hash(self._state.audit, line)))

    async def broken_at(self) -> int | None:
        """The number of the first line whose hash does not follow from the one before; None if the chain holds."""
        audit = self._state.audit
        for number, (line, stored) in enumerate(audit, start=1):
            if stored != _hash(audit[: number - 1], line):
                return number
        return None


def _hash(before: Sequence[tuple[str, str]], line: str) -> str:
    previous = before[-1][1] if before else ""
    return hashlib.sha256((previous + line).encode()).hexdigest()
