"""Tells every open page at once what changed."""

import asyncio
from collections.abc import AsyncIterator

from pydantic import BaseModel


class Feed:
    """Events as JSON texts, for whoever listens at that moment."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._closed = False

    def publish(self, event: BaseModel) -> None:
        """Tell all listeners."""
        text = event.model_dump_json()
        for queue in self._listeners:
            queue.put_nowait(text)

    async def events(self, first: BaseModel) -> AsyncIterator[str]:
        """`first`, then all that is published from now on, until the feed is closed."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        queue.put_nowait(None if self._closed else first.model_dump_json())
        self._listeners.add(queue)
        try:
            while (text := await queue.get()) is not None:
                yield text
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """Let all listeners go, so that the program can stop."""
        self._closed = True
        for queue in self._listeners:
            queue.put_nowait(None)
