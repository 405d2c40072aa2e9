"""Turns that take longer than their request may wait: the request is answered, and the turn goes on."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Late(Exception):
    """The turn has not ended in time; it goes on."""


class LateTurns:
    """Keeps the turns that are under way, whoever waits for them."""

    def __init__(self, answer_within: float) -> None:
        """`answer_within`: seconds from its start after which a turn is late."""
        self._answer_within = answer_within
        self._running: set[asyncio.Task[Any]] = set()

    async def result(
        self, turn: Coroutine[Any, Any, T], later: Callable[[Awaitable[T]], Coroutine[Any, Any, None]]
    ) -> T:
        """What the turn gives or raises. Raises Late when it takes too long; `later` then gets it and ends it."""
        task = self._keep(turn)
        done, _ = await asyncio.wait({task}, timeout=self._answer_within)
        if done:
            return task.result()
        self._keep(later(task))
        raise Late

    async def settle_all(self, seconds: float) -> None:
        """Wait until all are done, but no longer than this; what is left then is given up."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._running:
            left = max(0.0, deadline - asyncio.get_running_loop().time())
            done, late = await asyncio.wait(set(self._running), timeout=left)
            if not done:
                for task in late:
                    task.cancel()
                await asyncio.gather(*late, return_exceptions=True)

    def _keep(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """Whoever waits hears what it raised; if the request is gone, nobody is left to hear it."""
        self._running.discard(task)
        if not task.cancelled():
            task.exception()
