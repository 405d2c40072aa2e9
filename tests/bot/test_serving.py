"""Stopping: not ready first, then no new turns, and what is under way ends."""

import asyncio
import os
import signal as os_signal
from contextlib import closing
from pathlib import Path
from socket import socket

from aiohttp import ClientConnectionError, ClientSession

from bot.serving import serve
from tests.fake_connector import FakeConnector
from tests.scenarios.office import Office, build, officers_of


def free_port() -> int:
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def status(session: ClientSession, url: str) -> int:
    """What the bot answers there; 0 if it does not listen."""
    try:
        async with session.get(url) as answer:
            return answer.status
    except ClientConnectionError:
        return 0


async def until(session: ClientSession, url: str, expected: int) -> None:
    async with asyncio.timeout(30):
        while await status(session, url) != expected:
            pass


async def test_a_bot_that_is_told_to_stop_ends_what_it_began_and_begins_nothing_more(tmp_path: Path) -> None:
    reached, go = asyncio.Event(), asyncio.Event()

    async def held_up(_seconds: float) -> None:
        reached.set()
        await go.wait()

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with FakeConnector(sleep=held_up) as connector, ClientSession() as session:
        app = await build(tmp_path, f"sqlite:///{tmp_path}/meldroute.db", connector.service_url, officers_of(connector))
        serving = asyncio.create_task(serve(app, host="127.0.0.1", port=port, drain=600))
        await until(session, f"{url}/healthz", 200)
        office = Office(connector, f"{url}/api/messages", session)
        robin, kim = office.person("Robin"), office.person("Kim")
        connector.latency = 1.0
        under_way = asyncio.create_task(robin.says("melden"))
        await reached.wait()

        os.kill(os.getpid(), os_signal.SIGTERM)
        await until(session, f"{url}/readyz/traffic", 503)
        connector.latency = 0.0
        await kim.says("melden")
        assert kim.sees("direct gevaar")  # while the load balancer notices, turns are still taken
        assert not serving.done()

        os.kill(os.getpid(), os_signal.SIGTERM)
        go.set()
        await asyncio.gather(under_way, serving)

        assert robin.sees("direct gevaar")
        assert await status(session, f"{url}/healthz") == 0
