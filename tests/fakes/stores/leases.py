"""The leases in memory."""

from dataclasses import replace
from datetime import UTC, datetime

from dialogs.ports import Lease
from tests.fakes.stores.state import Store, utc

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class MemoryLeases(Store):
    """A `dialogs.ports.Leases`."""

    async def take(
        self, name: str, holder: str, *, now: datetime, until: datetime, stale: datetime | None = None
    ) -> Lease | None:
        """Take a lease that is free or over (as `stale` is), or one's own again; None if another has it."""
        before = self._state.leases.get(name)
        if before is not None and before.holder != holder and before.until > now and before.until != stale:
            return None
        lease = Lease(holder, utc(until), "" if before is None else before.holder)
        self._state.leases[name] = lease
        return lease

    async def ends(self, name: str) -> datetime | None:
        """When it ends, by the clock of whoever has it; None if nobody ever had it."""
        lease = self._state.leases.get(name)
        return None if lease is None else lease.until

    async def release(self, name: str, holder: str) -> None:
        """Let go of it; nothing happens if another has it."""
        lease = self._state.leases.get(name)
        if lease is not None and lease.holder == holder:
            self._state.leases[name] = replace(lease, until=_LONG_AGO)
