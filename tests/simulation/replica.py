"""One process of the bot, as far as anybody outside can tell: it starts, takes requests, and is killed at any await."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

from aiohttp import StreamReader, web
from aiohttp.http import HttpVersion11, RawRequestMessage
from aiohttp.web_app import Application
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from bot.app import DATABASE
from dialogs.ports import UnitsOfWork

T = TypeVar("T")


class Killed(BaseException):
    """The process is gone: nothing after this has any effect. No `except Exception` may swallow it."""


#: Whose code is running.
REPLICA: ContextVar["Replica | None"] = ContextVar("REPLICA", default=None)

_HEADERS = CIMultiDict({"Host": "127.0.0.1", "Content-Type": "application/json"})
_PATH = URL("/api/messages")


class _Wire:
    """The connection of a request: never full, never asked for anything."""

    _reading_paused = False
    transport = None
    ssl_context = None
    peername = None
    sockname = None
    max_field_size = 8190
    max_line_length = 8190
    max_headers = 128

    def resume_reading(self, **_: object) -> None:
        """It never paused."""


class Replica:
    """A process with a number, its tasks and its database connection."""

    def __init__(self, number: int, loop: asyncio.AbstractEventLoop) -> None:
        self.number = number
        self.alive = True
        #: Takes no new requests: it is being stopped.
        self.draining = False
        self.tasks: set[asyncio.Task[Any]] = set()
        #: Its units of work, from when its database is open.
        self.units: UnitsOfWork
        self._loop = loop
        self._context = copy_context()
        self._context.run(REPLICA.set, self)
        self._runner: web.AppRunner | None = None
        self._app: web.Application | None = None

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something as this process."""
        return self._loop.create_task(work, context=self._context.copy())

    async def start(self, build: Callable[[], Awaitable[web.Application]]) -> None:
        """Start the bot in it."""
        await self.spawn(self._start(build))

    async def stop(self) -> None:
        """As on SIGTERM: what is under way is finished, as far as there is time."""
        self.draining = True
        runner = self._runner
        if runner is not None:
            await self.spawn(runner.cleanup())

    def kill(self) -> None:
        """From now on nothing that it does has any effect."""
        self.alive = False

    async def bury(self) -> None:
        """Let the tasks of a killed process end, and let the operating system close its files."""
        for _ in range(100):
            left = [task for task in self.tasks if not task.done()]
            if not left:
                break
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=0.001)
        assert all(task.done() for task in self.tasks), "a task of a killed process does not end"
        if self._app is not None:
            await self._app[DATABASE].close()

    def check_alive(self) -> None:
        """Raise Killed in a process that is gone."""
        if not self.alive:
            raise Killed

    async def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> web.StreamResponse:
        """POST /api/messages, from the router to the response, without a socket."""
        app = self._app
        assert app is not None
        payload = StreamReader(_Wire(), 2**20, loop=self._loop)  # pyright: ignore[reportArgumentType] - as much of a protocol as is used
        payload.feed_data(body)
        payload.feed_eof()
        all_headers = CIMultiDict({**_HEADERS, "Content-Length": str(len(body)), **(headers or {})})
        message = RawRequestMessage(
            "POST", str(_PATH), HttpVersion11, CIMultiDictProxy(all_headers), (), False, None, False, False, _PATH
        )
        task = asyncio.current_task(self._loop)
        request = web.Request(message, payload, _Wire(), _Wire(), task, self._loop)  # pyright: ignore[reportArgumentType] - as above
        return await Application._handle(app, request)  # pyright: ignore[reportPrivateUsage] - what the server calls

    async def _start(self, build: Callable[[], Awaitable[web.Application]]) -> None:
        self._app = await build()
        self._runner = web.AppRunner(self._app, shutdown_timeout=1.0)
        await self._runner.setup()


def is_killed(error: BaseException | None) -> bool:
    """Whether this is a kill, or a heap of errors with one in it."""
    heap: Sequence[BaseException | None] = getattr(error, "exceptions", ())
    return isinstance(error, Killed) or any(is_killed(each) for each in heap)


def register(task: asyncio.Task[Any]) -> None:
    """A task belongs to the process whose code made it."""
    replica = REPLICA.get()
    if replica is not None:
        replica.tasks.add(task)
        task.add_done_callback(replica.tasks.discard)
