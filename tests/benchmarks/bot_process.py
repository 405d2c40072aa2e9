"""A bot of the benchmark in a process of its own."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.benchmarks.wire import FIGURES, Connector, Lane

#: The most turns that are under way at one bot at the same time.
MOST_AT_ONCE = 16


class WrongAnswer(Exception):
    """A bot answered a turn otherwise than it should: the figures of this run mean nothing."""


@dataclass(frozen=True, slots=True)
class BotProcess:
    """A running bot and the connections to it."""

    name: str
    connector: Connector
    lanes: list[Lane]

    @property
    def calls(self) -> int:
        """The calls that it has made to the connector."""
        return self.connector.calls[self.name]

    @property
    def opened(self) -> int:
        """The connections that it has opened to the connector."""
        return self.connector.opened[self.name]

    async def ask(self, request: bytes, lane: int = 0) -> bytes:
        """The body of the answer. Raises WrongAnswer for a status that is not good."""
        status, body = await self.lanes[lane].ask(request)
        if status >= 300:
            raise WrongAnswer(f"{self.name} answered with status {status}")
        return body

    async def has_made(self, calls: int) -> None:
        """Wait until it has made this many calls to the connector since its start."""
        await self.connector.until(self.name, calls)

    async def figures(self) -> dict[str, Any]:
        """What it says of itself."""
        return orjson.loads(await self.ask(FIGURES))

    async def cpu_ms(self) -> float:
        """CPU milliseconds since its start, user and system."""
        return float((await self.figures())["cpu"]) * 1000


@asynccontextmanager
async def started(
    name: str, connector: Connector, log: Path, module: str, *arguments: str
) -> AsyncGenerator[BotProcess]:
    """This module of tests/benchmarks/bots as a process, its standard error in a file. Raises WrongAnswer."""
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", f"tests.benchmarks.bots.{module}", *arguments,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = (await process.stdout.readline()).decode().strip()
        if not port:
            raise WrongAnswer(f"{name} did not start: see {log}")
        lanes = [await Lane.to(int(port)) for _ in range(MOST_AT_ONCE)]
        yield BotProcess(name, connector, lanes)
        for lane in lanes:
            lane.close()
    finally:
        process.stdin.close()
        await process.wait()
