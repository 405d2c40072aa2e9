"""Something to say while something else takes long."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self


class Meanwhile:
    """Says something if what is in its block takes longer than so many seconds.

    When the block is over it is said no more; what is being said by then is waited for, so that it never comes after
    what is said next.
    """

    def __init__(self, seconds: float, say: Callable[[], Awaitable[None]]) -> None:
        """`say` must not raise: nobody would hear it."""
        self._seconds = seconds
        self._say = say
        self._waiting: asyncio.TimerHandle | None = None
        self._saying: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Self:
        self._waiting = asyncio.get_running_loop().call_later(self._seconds, self._begin)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.over()

    async def over(self) -> None:
        """What took long is done, before the block ends."""
        if self._waiting is not None:
            self._waiting.cancel()
        if self._saying is not None:
            await self._saying

    def _begin(self) -> None:
        self._saying = asyncio.ensure_future(self._say())
