"""Changes of messages that are made after the answer, one after another for each message."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.teams.errors import DeliveryFailed, HeldBack

log = structlog.get_logger(__name__)

Update = Callable[[], Awaitable[None]]

#: Changes sent at the same time: a slow Teams then takes no more connections than there are turns.
_MOST_AT_ONCE = 8
#: The longest that a change waits because its conversation had enough, in seconds.
_PATIENCE = 60.0


class LateUpdates:
    """Keeps the changes that are under way: an older picture of a message never lands on a newer one.

    Of this process, that is: of two replicas each sends its own, and a press on an older picture is told so.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._newest: dict[str, Update] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}
        #: Done when the change that is being sent has landed, or has failed to.
        self._sending: dict[str, asyncio.Future[None]] = {}
        self._places = asyncio.Semaphore(_MOST_AT_ONCE)

    def start(self, message_id: str, update: Update) -> None:
        """Make this change when the one under way, of the same message, is made; of those that wait, only the newest.

        `message_id` names the message among those of all conversations. A failure is logged.
        """
        self._newest[message_id] = update
        if message_id not in self._under_way:
            self._under_way[message_id] = asyncio.create_task(self._run(message_id))

    async def overtake(self, message_id: str, update: Update, *, seconds: float) -> None:
        """Start this change, and wait until an older one that is being sent has landed, but no longer than this.

        For an answer that shows the same: an older picture that lands on it takes away what was filled in since.
        """
        older = self._sending.get(message_id)
        self.start(message_id, update)
        if older is not None:
            await asyncio.wait([older], timeout=seconds)

    async def settle(self, message_id: str) -> None:
        """Wait until the changes of this message are made."""
        if message_id in self._under_way:
            await asyncio.wait([self._under_way[message_id]])

    async def settle_all(self, seconds: float) -> None:
        """Wait until all changes are made, but no longer than this; what is left then is given up."""
        if not self._under_way:
            return
        _, late = await asyncio.wait(list(self._under_way.values()), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, message_id: str) -> None:
        try:
            while message_id in self._newest:
                async with self._places:
                    # Taken only now: while it waited for its place a newer one may have come.
                    update = self._newest.pop(message_id)
                    again_after = await self._make(message_id, update)
                if again_after is not None:
                    await self._sleep(again_after)
                    self._newest.setdefault(message_id, update)
        finally:
            self._newest.pop(message_id, None)
            del self._under_way[message_id]

    async def _make(self, message_id: str, update: Update) -> float | None:
        """Make this change; the seconds after which it may be tried again, if it was too much for now."""
        try:
            await self._send(message_id, update)
        except HeldBack as held:
            if held.seconds <= _PATIENCE:
                return held.seconds
            log.warning("card_not_updated", message=message_id, reason=held.reason)
        except DeliveryFailed as failed:
            # Whoever pressed has the new card from the answer; on their other devices the old one stays.
            log.warning("card_not_updated", message=message_id, reason=failed.reason)
        except Exception as error:  # noqa: BLE001 - the turn is over: there is nobody left to tell
            log.error("card_not_updated", message=message_id, reason=type(error).__name__)  # noqa: TRY400 - what an exception says may hold an answer
        return None

    async def _send(self, message_id: str, update: Update) -> None:
        self._sending[message_id] = landed = asyncio.get_running_loop().create_future()
        try:
            await update()
        finally:
            del self._sending[message_id]
            landed.set_result(None)
