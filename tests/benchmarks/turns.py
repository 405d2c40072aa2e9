"""A stored turn of ours beside a raw handler and a stock botbuilder echo: all take turns within one run.

README.md says what is measured and how.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from tests import postgres
from tests.benchmarks.bot_process import MOST_AT_ONCE, BotProcess, started
from tests.benchmarks.bots.serving import BOT_CORE
from tests.benchmarks.crowd import Crowd, Echoed, Reporter, Reporting
from tests.benchmarks.wire import Connector
from tests.fake_connector import FakeConnector

CONCURRENCIES = (1, MOST_AT_ONCE)
_PEOPLE = 64
#: What Teams takes for a call, in seconds, while connections are counted (a usual order, not measured here).
_LATENCY = 0.1

RAW = "raw aiohttp"
STOCK = "stock botbuilder, SQLite"
PRESS, TYPED = "ours, press, SQLite", "ours, typed, SQLite"
PRESS_PG, TYPED_PG = "ours, press, PostgreSQL", "ours, typed, PostgreSQL"


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of one series gave."""

    cpu_ms: float
    per_second: float
    latencies_ms: list[float]
    #: Connections to the connector that were opened meanwhile.
    opened: int


@dataclass(slots=True)
class Series:
    """One kind of turn at one bot. A round is `passes` times a turn of each of the people."""

    name: str
    bot: BotProcess
    crowd: Crowd
    passes: int
    #: By concurrency; the first warms up.
    rounds: dict[int, list[Round]] = field(default_factory=dict[int, list[Round]])

    async def round(self, concurrency: int) -> Round:
        """One round; each answer is checked. Raises WrongAnswer."""
        cpu_ms = seconds = 0.0
        opened = self.bot.opened
        latencies: list[float] = []
        for _ in range(self.passes):
            requests = self.crowd.turns()
            calls = self.bot.calls + len(requests) * self.crowd.calls
            cpu_before, start = await self.bot.cpu_ms(), time.perf_counter()
            answers = await _pass(self.bot, concurrency, requests, latencies)
            await self.bot.has_made(calls)
            seconds += time.perf_counter() - start
            cpu_ms += await self.bot.cpu_ms() - cpu_before
            self.crowd.check(answers)
            await self.crowd.back()
        return Round(cpu_ms / len(latencies), len(latencies) / seconds, latencies, self.bot.opened - opened)


async def _pass(bot: BotProcess, concurrency: int, requests: Sequence[bytes], latencies: list[float]) -> list[bytes]:
    """Ask all, this many at a time; the answers in the order of the requests."""
    answers = [b""] * len(requests)
    left = iter(enumerate(requests))

    async def run(lane: int) -> None:
        for place, request in left:
            start = time.perf_counter()
            answers[place] = await bot.ask(request, lane)
            latencies.append((time.perf_counter() - start) * 1000)

    await asyncio.gather(*(run(lane) for lane in range(concurrency)))
    return answers


async def measure(rounds: int, logs: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """The figures of all series, and the counts, as JSON data. `logs`: where the bots' own logs go.

    Raises WrongAnswer when any turn went wrong.
    """
    with tempfile.TemporaryDirectory(prefix="meldroute-bench-") as folder:
        async with Connector() as connector, _running(Path(folder), logs, connector) as (series, counting):
            for concurrency in CONCURRENCIES:
                for number in range(rounds + 1):
                    for each in series:
                        measured = await each.round(concurrency)
                        each.rounds.setdefault(concurrency, []).append(measured)
                    say(f"concurrency {concurrency}, round {number} of {rounds}")
            connector.latency = _LATENCY
            counted = await _count(counting)
    return {
        "cores": {"bots": os.environ.get(BOT_CORE), "load": sorted(_cores())},
        "rounds": rounds,
        "series": {each.name: {str(c): _summary(each.rounds[c]) for c in CONCURRENCIES} for each in series},
        "counted": counted,
    }


@asynccontextmanager
async def _running(folder: Path, logs: Path, connector: Connector) -> AsyncGenerator[tuple[list[Series], Series]]:
    """All series with their people arrived, and one whose bot counts."""
    async with AsyncExitStack() as stack:
        postgresql = await stack.enter_async_context(postgres.server().database())
        _stand_apart()
        session = await stack.enter_async_context(ClientSession())
        people = FakeConnector()

        async def bot(name: str, *arguments: str) -> BotProcess:
            return await stack.enter_async_context(started(name, connector, logs / f"{name}.log", *arguments))

        async def ours(name: str, url: str, *flags: str) -> BotProcess:
            (data := folder / name).mkdir()
            return await bot(name, "ours", str(data), url, connector.service_url(name), *flags)

        def crowd(bot: BotProcess, kind: str) -> list[Reporter]:
            return [Reporter(f"{kind} {number}", bot, people, session) for number in range(_PEOPLE)]

        raw, stock = await bot("raw", "raw"), await bot("stock", "stock", str(folder / "stock.db"))
        sqlite = await ours("sqlite", f"sqlite:///{folder}/sqlite.db")
        server = await ours("postgresql", postgresql)
        counting = await ours("counting", f"sqlite:///{folder}/counting.db", "--count")
        series = [
            Series(RAW, raw, Echoed(crowd(raw, "Kim"), times=20), 1),
            Series(STOCK, stock, Echoed(crowd(stock, "Kim"), numbered=True), 1),
            Series(PRESS, sqlite, Reporting(crowd(sqlite, "Robin"), sqlite, typed=False), 2),
            Series(TYPED, sqlite, Reporting(crowd(sqlite, "Sanne"), sqlite, typed=True), 1),
            Series(PRESS_PG, server, Reporting(crowd(server, "Robin"), server, typed=False), 2),
            Series(TYPED_PG, server, Reporting(crowd(server, "Sanne"), server, typed=True), 1),
        ]
        counted = Series("counted", counting, Reporting(crowd(counting, "Robin"), counting, typed=False), 1)
        for each in (*series, counted):
            await each.crowd.arrive()
        yield series, counted


def _summary(all_rounds: Sequence[Round]) -> dict[str, Any]:
    rounds = all_rounds[1:]
    latencies = sorted(latency for each in rounds for latency in each.latencies_ms)
    return {
        "cpu_ms": round(statistics.median(each.cpu_ms for each in rounds), 3),
        "cpu_ms_rounds": [round(each.cpu_ms, 3) for each in rounds],
        "turns_per_second": round(statistics.median(each.per_second for each in rounds), 1),
        "p50_ms": round(latencies[len(latencies) // 2], 2),
        "p99_ms": round(latencies[len(latencies) * 99 // 100], 2),
        "turns": len(latencies),
        "most_connections_opened_in_a_round": max(each.opened for each in all_rounds),
    }


async def _count(counting: Series) -> dict[str, Any]:
    """What a measured turn asks of the database, and what the whole run asked of the token source."""
    crowd, bot = counting.crowd, counting.bot
    before, calls = await bot.figures(), bot.calls
    requests = crowd.turns()
    crowd.check(await _pass(bot, MOST_AT_ONCE, requests, []))
    await bot.has_made(calls + len(requests))
    after = await bot.figures()
    statements = {
        kind: round((count - before["statements"].get(kind, 0)) / len(requests), 2)
        for kind, count in after["statements"].items()
        if count > before["statements"].get(kind, 0)
    }
    return {
        "turns": bot.calls,
        "token_requests": after["tokens"],
        "connections_to_a_slow_connector": bot.opened,
        "statements_per_turn": statements,
        "transactions_per_turn": round((after["transactions"] - before["transactions"]) / len(requests), 2),
    }


def _cores() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _stand_apart() -> None:
    """The bots get the first core, this process (load and connector) the last; PostgreSQL was started before."""
    cores = sorted(_cores())
    if len(cores) > 1:
        os.environ[BOT_CORE] = str(cores[0])
        os.sched_setaffinity(0, {cores[-1]})
