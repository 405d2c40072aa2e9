"""Time that passes only when a test says so."""

import asyncio
from datetime import datetime, timedelta


class FakeTime:
    """A `bot.clock.Clock`, with the `sleep` that goes with it."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def __call__(self) -> datetime:
        """Now."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Until pass_by() has gone that far."""
        future = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), future))
        await future

    def jump(self, seconds: float) -> None:
        """Let this much time be gone, before anybody who sleeps notices."""
        self._now += timedelta(seconds=seconds)

    async def pass_by(self, seconds: float) -> None:
        """Let this much time pass; whoever sleeps wakes in order, at its moment or late, and does what it does."""
        await settle()
        until = self._now + timedelta(seconds=seconds)
        while due := [sleeper for sleeper in self._sleepers if sleeper[0] <= until and not sleeper[1].done()]:
            moment, future = min(due, key=lambda sleeper: sleeper[0])
            self._now = max(self._now, moment)
            future.set_result(None)
            await settle()
        self._now = until
        self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[1].done()]


async def settle() -> None:
    """Let everything run that can run without time or the network."""
    for _ in range(100):
        await asyncio.sleep(0)
