"""One turn at a time in a conversation, within this process. Among replicas the journal holds the conversation."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from weakref import WeakValueDictionary

from dialogs.ports import Busy


class ConversationLocks:
    """A lock a conversation, which is there as long as somebody holds or wants it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def alone(self, conversation_id: str, patience: timedelta) -> AsyncGenerator[None]:
        """Hold this conversation, after those who came first. Raises Busy when that takes longer than `patience`."""
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await lock.acquire()
        except TimeoutError as late:
            raise Busy("conversation") from late
        try:
            yield
        finally:
            lock.release()
