"""The leases in memory."""

from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.ports import Lease
from tests.fakes.stores.state import Store, utc


class MemoryLeases(Store):
    """A `dialogs.ports.Leases`."""

    async def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> Lease | None:
        """Take a lease that is free or over, or one's own again; None if another has it."""
        before = self._state.leases.get(name)
        believable = until + timedelta(minutes=1)
        if before is not None and before.holder != holder and now < before.until <= believable:
            return None
        lease = Lease(holder, utc(until), "" if before is None else before.holder)
        self._state.leases[name] = lease
        return lease

    async def release(self, name: str, holder: str, now: datetime) -> None:
        """Let go of it now; nothing happens if another has it."""
        lease = self._state.leases.get(name)
        if lease is not None and lease.holder == holder:
            self._state.leases[name] = replace(lease, until=utc(now))
