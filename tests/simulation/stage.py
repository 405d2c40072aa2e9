"""A simulated world as a place where the route of a signal is played."""

import asyncio
import sqlite3

from dialogs.domain.lifecycle import SignalStatus
from tests.simulation.world import World


class SimulatedStage:
    """One replica; when it has died there is another one."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def statuses(self) -> list[SignalStatus]:
        """The statuses of all signals that are stored."""
        return [SignalStatus(status) for (status,) in rows(self._world, "SELECT status FROM signals")]

    async def a_moment_later(self) -> None:
        """Let a little time pass; afterwards the bot can be reached."""
        await asyncio.sleep(0.7)
        while not self._world.ready:
            await self._world.starts_replica()


def rows(world: World, query: str, *values: str) -> list[tuple[str, ...]]:
    """What is committed, read past the bot."""
    connection = sqlite3.connect(f"file:{world.folder}/meldroute.db?mode=ro", uri=True)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()
