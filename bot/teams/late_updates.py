"""Changes of messages that are made after the answer, one after another for each message."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.teams.errors import DeliveryFailed

log = structlog.get_logger(__name__)


#: Changes sent at the same time: a slow Teams then takes no more connections than there are turns.
_MOST_AT_ONCE = 8


class LateUpdates:
    """Keeps the changes that are under way: an older picture of a message never lands on a newer one."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Task[None]] = {}
        self._under_way = asyncio.Semaphore(_MOST_AT_ONCE)

    def start(self, message_id: str, update: Callable[[], Awaitable[None]]) -> None:
        """Run this change when the one before it, of the same message, is done. A failure is logged."""
        task = asyncio.create_task(self._run(message_id, update, self._last.get(message_id)))
        self._last[message_id] = task
        task.add_done_callback(lambda done: self._forget(message_id, done))

    async def settle(self, message_id: str) -> None:
        """Wait until the changes of this message are made."""
        if message_id in self._last:
            await asyncio.wait([self._last[message_id]])

    async def settle_all(self, seconds: float) -> None:
        """Wait until all changes are made, but no longer than this; what is left then is given up."""
        if not self._last:
            return
        _, late = await asyncio.wait(list(self._last.values()), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(
        self, message_id: str, update: Callable[[], Awaitable[None]], before: asyncio.Task[None] | None
    ) -> None:
        try:
            if before is not None:
                await asyncio.wait([before])
            async with self._under_way:
                await update()
        except DeliveryFailed as failed:
            # Whoever pressed has the new card from the answer; on their other devices the old one stays.
            log.warning("card_not_updated", message=message_id, reason=failed.reason)
        except Exception as error:  # noqa: BLE001 - the turn is over: there is nobody left to tell
            log.error("card_not_updated", message=message_id, reason=type(error).__name__)  # noqa: TRY400 - what an exception says may hold an answer

    def _forget(self, message_id: str, done: asyncio.Task[None]) -> None:
        if self._last.get(message_id) is done:
            del self._last[message_id]
