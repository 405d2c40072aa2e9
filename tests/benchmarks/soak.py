"""A bot process under a steady load for a while: what it holds, as a table.

`python -m tests.benchmarks.soak --minutes 20`: SQLite, loopback, not in CI. Memory counts as flat if the median of
the last quarter of the samples lies within 5 % of that of the second quarter: the first quarter fills caches.
"""

# ruff: noqa: T201 - speaks to whoever runs it

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
from aiohttp import ClientSession

from storage.key_file import open_key_file
from storage.migrate import migrate
from tests.crash.nursery import Order, nursery
from tests.crash.route import Insistent, presses_on
from tests.fake_connector import FakeConnector
from tests.scenarios.office import officers_of

_PEOPLE = 20
_FLAT = 1.05
_WANTED = ("intake.answer", "intake.skip", "intake.send", "menu.report")


async def soak(minutes: float) -> bool:
    """Run it; whether memory stayed flat."""
    ends = time.monotonic() + minutes * 60
    folder = Path(tempfile.mkdtemp(prefix="meldroute-soak-"))
    url = f"sqlite:///{folder}/meldroute.db"
    open_key_file(folder / "content.key")
    await migrate(url)
    samples: list[int] = []
    async with FakeConnector() as connector, ClientSession() as session, nursery(folder / "log") as home:
        child = await home.starts(Order(str(folder), url, connector.service_url, officers_of(connector)))
        process = psutil.Process(child.pid)
        turns = 0

        async def lives(number: int) -> None:
            nonlocal turns
            while time.monotonic() < ends:
                person = Insistent(f"person {number} {turns}", connector, child.url, session)
                for _ in range(12):
                    await presses_on(person, _WANTED, else_says="melden")
                    turns += 1
                    await asyncio.sleep(0.5)

        print("seconds      MB  files  sockets  threads   turns")
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number in range(_PEOPLE):
                group.create_task(lives(number))
            while time.monotonic() < ends:
                await asyncio.sleep(min(15.0, minutes * 60 / 12))
                rss, sockets = process.memory_info().rss, len(process.net_connections())
                samples.append(rss)
                seconds = time.monotonic() - began
                row = f"{seconds:7.0f} {rss / 2**20:7.1f} {process.num_fds():6} {sockets:8} {process.num_threads():8}"
                print(f"{row} {turns:7}", flush=True)
        child.kill()
    if len(samples) < 8:
        print("too short to judge")
        return True
    quarter = len(samples) // 4
    before, after = statistics.median(samples[quarter : 2 * quarter]), statistics.median(samples[-quarter:])
    print(f"second quarter {before / 2**20:.1f} MB, last quarter {after / 2**20:.1f} MB")
    return after <= before * _FLAT


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    sys.exit(0 if asyncio.run(soak(parser.parse_args().minutes)) else 1)
