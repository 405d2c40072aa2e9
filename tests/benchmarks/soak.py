"""A bot process under a steady load for a while: what it holds, as a table.

`python -m tests.benchmarks.soak --minutes 20`: PostgreSQL, loopback, not in CI. A column counts as flat if the last
quarter of its samples lies where the second quarter did: the first one fills caches and opens connections. Of memory
the medians are compared, of all that is counted the largest.

Connections are bounded instead: each pool keeps as many as were once needed at the same moment (aiohttp takes the one
that rested longest, so that none of them ever rests for the minute after which it would be closed).
"""

# ruff: noqa: T201 - speaks to whoever runs it

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from itertools import cycle
from pathlib import Path

import psutil
from aiohttp import ClientSession
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import make_engine
from storage.key_file import open_key_file
from tests import postgres
from tests.crash.nursery import Child, Order, nursery
from tests.crash.route import Insistent, presses_on
from tests.fake_connector import FakeConnector
from tests.scenarios.office import officers_of

#: So many people at work at a time; for each place so many, who take turns: they come back, as in a municipality.
_PEOPLE = 20
_EACH_PLACE = 10
#: By how much more than before, and by how many more where little is counted.
_FLAT, _MORE = 1.05, 4
#: The most connections: one for each person and one for the commands that look in; those to Teams
#: (bot/teams/connector.py); those of the pool to the database (storage/engine.py).
_MOST = {"incoming": _PEOPLE + 1, "outgoing": 100, "database": 16}
_WANTED = ("intake.answer", "intake.skip", "intake.send", "menu.report")
_SAMPLE = 15.0
_SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@dataclass(frozen=True, slots=True)
class Held:
    """What the process holds at one moment."""

    megabytes: float
    #: Open file descriptors that are no connection.
    files: int
    #: Connections with people's side, to Teams, and to the database.
    incoming: int
    outgoing: int
    database: int
    threads: int
    #: asyncio tasks: the most since the last sample.
    tasks: int


async def soak(minutes: float) -> bool:
    """Run it; whether everything stayed flat or within its bound."""
    folder = Path(tempfile.mkdtemp(prefix="meldroute-soak-"))
    open_key_file(folder / "content.key")
    async with (
        postgres.server().database() as url,
        FakeConnector() as connector,
        ClientSession() as session,
        nursery(folder / "log") as home,
    ):
        order = Order(str(folder), url, connector.service_url, officers_of(connector), tells_tasks=True)
        child = await home.starts(order)
        samples = await _load(child, connector, session, minutes)
        child.kill()
    return _judged(samples)


async def _load(child: Child, connector: FakeConnector, session: ClientSession, minutes: float) -> Sequence[Held]:
    began = time.monotonic()
    ends = began + minutes * 60
    turns = 0
    samples: list[Held] = []

    async def lives(number: int) -> None:
        nonlocal turns
        for other in cycle(range(_EACH_PLACE)):
            if time.monotonic() >= ends:
                return
            person = Insistent(f"person {number} {other}", connector, child.url, session)
            for _ in range(12):
                await presses_on(person, _WANTED, else_says="melden")
                turns += 1
                await asyncio.sleep(0.5)

    print("seconds", *(each.name for each in fields(Held)), "turns", sep="\t")
    async with asyncio.TaskGroup() as group:
        for number in range(_PEOPLE):
            group.create_task(lives(number))
        while time.monotonic() < ends:
            await asyncio.sleep(min(_SAMPLE, minutes * 60 / 12))
            samples.append(await _held(child))
            seconds = round(time.monotonic() - began)
            print(seconds, *astuple(samples[-1]), turns, sep="\t", flush=True)
    return samples


async def _held(child: Child) -> Held:
    process = psutil.Process(child.pid)
    own = int(child.url.rpartition(":")[2].partition("/")[0])
    sockets = [each for each in process.net_connections("tcp") if each.status == psutil.CONN_ESTABLISHED]
    incoming = sum(each.laddr.port == own for each in sockets)
    return Held(
        round(process.memory_info().rss / 2**20, 1),
        process.num_fds() - len(process.net_connections("all")),
        incoming,
        len(sockets) - incoming,
        await _connections(child.order.url),
        process.num_threads(),
        child.most_tasks(),
    )


async def _connections(url: str) -> int:
    """How many sessions the process has in its database: all but the one that asks."""
    engine = make_engine(url)
    assert isinstance(engine, AsyncEngine)
    try:
        async with engine.connect() as connection:
            return int((await connection.exec_driver_sql(_SESSIONS)).scalar() or 0)
    finally:
        await engine.dispose()


def _judged(samples: Sequence[Held]) -> bool:
    """Whether the last quarter is as the second and every pool within its bound; what is not is told."""
    if len(samples) < 8:
        print("too short to judge")
        return True
    quarter = len(samples) // 4
    before, after = samples[quarter : 2 * quarter], samples[-quarter:]
    good = True
    for each in fields(Held):
        middle = statistics.median if each.name == "megabytes" else max
        was, now = (middle(getattr(held, each.name) for held in part) for part in (before, after))
        allowed = _MOST.get(each.name) or was * _FLAT + (0 if each.name == "megabytes" else _MORE)
        good = good and now <= allowed
        verdict = "" if now <= allowed else ": TOO MANY" if each.name in _MOST else ": GROWS"
        print(f"{each.name}: second quarter {was}, last quarter {now}{verdict}")
    return good


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    sys.exit(0 if asyncio.run(soak(parser.parse_args().minutes)) else 1)
