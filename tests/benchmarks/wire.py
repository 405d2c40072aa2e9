"""HTTP/1.1 as small as it can be: a Bot Connector that takes every message, and a client that waits for one answer.

A load generator in the same Python as the bots must cost much less than the bot it drives, or the fastest bot is never
busy and looks slow. aiohttp on both sides costs more than the raw bot itself; these cost a fraction of it.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote

_CREATED = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
#: How long one turn may take before the run is given up, in seconds.
_PATIENCE = 60.0


class Messages:
    """Takes bytes as they come, gives whole requests or answers: (head, body). A body has a Content-Length."""

    def __init__(self) -> None:
        self._bytes = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """What is whole now."""
        self._bytes += data
        while (end := self._bytes.find(b"\r\n\r\n")) >= 0:
            head = self._bytes[:end]
            whole = end + 4 + _length(head)
            if len(self._bytes) < whole:
                return
            body, self._bytes = self._bytes[end + 4 : whole], self._bytes[whole:]
            yield head, body


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


class Connector:
    """Teams as the bots see it: every call is taken at once. The first part of the path says which bot calls."""

    def __init__(self) -> None:
        #: By bot: connections that were opened and used, and calls.
        self.opened: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        #: By bot and conversation: the id and the body of the newest message.
        self.newest: dict[str, dict[str, tuple[str, bytes]]] = defaultdict(dict)
        #: Seconds that every answer takes.
        self.latency = 0.0
        self._ids = 1_700_000_000_000
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Connector":
        self._server = await asyncio.get_running_loop().create_server(lambda: _Caller(self), "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()

    def service_url(self, bot: str) -> str:
        """The service url in the activities for this bot."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/{bot}/"

    def take(self, head: bytes, body: bytes, *, first: bool) -> bytes:
        """A call: POST .../{bot}/v3/conversations/{conversation}/activities[/{id}] or PUT; its answer."""
        method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        _, bot, _, _, conversation, *rest = path.split("/")
        self.opened[bot] += first
        self.calls[bot] += 1
        if method == "PUT":
            message_id = rest[-1]
        else:
            self._ids += 1
            message_id = str(self._ids)
            self.newest[bot][unquote(conversation)] = (message_id, body)
        self._changed.set()
        answer = b'{"id":"%b"}' % message_id.encode()
        return _CREATED % (len(answer), answer)

    async def until(self, bot: str, calls: int) -> None:
        """Wait until this bot has made so many calls. Raises TimeoutError."""
        async with asyncio.timeout(_PATIENCE):
            while self.calls[bot] < calls:
                self._changed.clear()
                await self._changed.wait()


class _Caller(asyncio.Protocol):
    """One connection of a bot."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._messages = Messages()
        self._first = True
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        for head, body in self._messages.feed(data):
            answer = self._connector.take(head, body, first=self._first)
            self._first = False
            if self._connector.latency:
                asyncio.get_running_loop().call_later(self._connector.latency, self._transport.write, answer)
            else:
                self._transport.write(answer)


class Lane(asyncio.Protocol):
    """A connection to a bot on which one request at a time is made."""

    def __init__(self) -> None:
        self._messages = Messages()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.WriteTransport | None = None

    @classmethod
    async def to(cls, port: int) -> "Lane":
        """A lane to this port of this machine."""
        _, lane = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return lane

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        for head, body in self._messages.feed(data):
            assert self._answer is not None
            self._answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the bot closed the connection"))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """The status and the body of the answer. Raises ConnectionError, TimeoutError."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(_PATIENCE):
            return await self._answer

    def close(self) -> None:
        """Hang up."""
        with suppress(RuntimeError):
            if self._transport is not None:
                self._transport.close()


def post(body: bytes) -> bytes:
    """A request as Teams makes it."""
    return (
        b"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-8\r\n"
        b"Content-Length: %d\r\n\r\n%b"
    ) % (len(body), body)


#: Asks a bot of these benchmarks for its figures.
FIGURES = b"GET /figures HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
