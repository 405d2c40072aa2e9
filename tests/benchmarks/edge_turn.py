"""CPU of one echo turn through the inbound edge, beside a raw aiohttp handler that does nothing but answer.

Each bot is a process of its own on the same connector and the same load; they take turns in one run. Prints JSON:
milliseconds of CPU a turn (median of the rounds) and how many times that of the raw handler it is.

    python -m tests.benchmarks.edge_turn [--rounds 5] [--turns 1000] [--concurrency 16]
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import orjson
from aiohttp import ClientSession, web

from bot.teams.adapter import MeldrouteAdapter
from bot.teams.connector import ConnectorClient, connector_session
from bot.teams.events import Channel, Event, Message
from bot.teams.identity import NoTokens
from bot.teams.inbound import PATH, message_route
from bot.teams.openid_keys import OpenIdKeys
from bot.teams.teams_bot import Sentences
from bot.teams.token_check import NoTokenCheck, TokenCheck
from dialogs.turn import Said
from tests.bot.teams.edge import NOW
from tests.bot.teams.tokens import SERVICE_URL, Authority, Key
from tests.fake_connector import APP_ID, TENANT, FakeConnector
from tests.teams_client import Person

BOTS = ("raw", "edge without token", "edge")
_CONVERSATIONS = 128


class Loopback(ConnectorClient):
    """Sends to the connector of this run what is meant for Teams: the token check asks for a host of Teams."""

    def __init__(self, session: ClientSession, connector_url: str) -> None:
        super().__init__(session, NoTokens())
        self._connector_url = connector_url

    async def reply(self, service_url: str, conversation_id: str, reply_to: str, activity: Mapping[str, object]) -> str:
        """As the original, on this machine."""
        return await super().reply(self._connector_url, conversation_id, reply_to, activity)


async def echo(event: Event, channel: Channel) -> None:
    """Say what was said."""
    assert isinstance(event.what, Said)
    await channel.send(Message(text=f"Je zei: {event.what.text}"))


def raw(session: ClientSession, connector_url: str) -> web.Application:
    """The limit of the stack: read JSON, post JSON, answer."""

    async def messages(request: web.Request) -> web.Response:
        activity = orjson.loads(await request.read())
        conversation = activity["conversation"]["id"].replace("/", "%2F")
        url = f"{connector_url}v3/conversations/{conversation}/activities/{activity['id']}"
        body = orjson.dumps({"type": "message", "text": f"Je zei: {activity['text']}"})
        async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
            await answer.read()
        return web.Response()

    app = web.Application()
    app.router.add_post(PATH, messages)
    return app


def edge(session: ClientSession, connector_url: str, metadata_url: str, *, token: bool) -> web.Application:
    """The route as the bot has it."""
    keys = OpenIdKeys(session, metadata_url)
    app = web.Application()
    message_route(
        app,
        check=TokenCheck(keys, app_id=APP_ID, tenant_id=TENANT) if token else NoTokenCheck("127.0.0.1"),
        adapter=MeldrouteAdapter(Loopback(session, connector_url)),
        handler=echo,
        sentences=Sentences(failed="{error_id}", done="ok", late="later"),
        clock=lambda: NOW,
    )
    return app


async def serve(bot: str, connector_url: str, metadata_url: str) -> None:
    """A bot in this process: prints its port, and its CPU seconds at /cpu; ends with its standard input."""
    async with connector_session(use_proxy=False) as session:
        app = raw(session, connector_url)
        if bot != "raw":
            app = edge(session, connector_url, metadata_url, token=bot == "edge")

        async def cpu(_request: web.Request) -> web.Response:
            return web.json_response(time.process_time())

        app.router.add_get("/cpu", cpu)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(runner.addresses[0][1], flush=True)  # noqa: T201 - the parent reads it
        await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()


@asynccontextmanager
async def started(bot: str, connector_url: str, metadata_url: str) -> AsyncGenerator[str]:
    """The url of this bot in its own process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.edge_turn", "--serve", bot, connector_url, metadata_url,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stdin.close()
        await process.wait()


@dataclass(frozen=True, slots=True)
class Load:
    """Turns that are posted, some at the same time."""

    session: ClientSession
    bodies: list[bytes]
    headers: Mapping[str, str]
    concurrency: int

    async def cpu_of(self, url: str, turns: int) -> float:
        """Milliseconds of CPU a turn."""
        before = await self._cpu(url)
        left = iter(range(turns))
        await asyncio.gather(*(self._post(url, left) for _ in range(self.concurrency)))
        return (await self._cpu(url) - before) * 1000 / turns

    async def _post(self, url: str, left: Iterator[int]) -> None:
        for number in left:
            body = self.bodies[number % len(self.bodies)]
            async with self.session.post(url + PATH, data=body, headers=self.headers) as answer:
                assert answer.status == 200, answer.status

    async def _cpu(self, url: str) -> float:
        async with self.session.get(url + "/cpu") as answer:
            return float(await answer.json())


async def measure(rounds: int, turns: int, concurrency: int) -> dict[str, object]:
    """All bots, alternating."""
    key = Key("bench")
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key.token()}"}
    async with AsyncExitStack() as stack:
        connector = await stack.enter_async_context(FakeConnector())
        authority = await stack.enter_async_context(Authority(key))
        session = await stack.enter_async_context(ClientSession())
        people = [Person(f"Anna {n}", connector, "", session) for n in range(_CONVERSATIONS)]
        service_urls = {"raw": SERVICE_URL, "edge": SERVICE_URL, "edge without token": connector.service_url}
        urls = {
            bot: await stack.enter_async_context(started(bot, connector.service_url, authority.metadata_url))
            for bot in BOTS
        }
        loads = {
            bot: Load(
                session,
                [orjson.dumps(p.activity(text="Zij zei niets.", serviceUrl=service_urls[bot])) for p in people],
                headers,
                concurrency,
            )
            for bot in BOTS
        }
        cpu: dict[str, list[float]] = {bot: [] for bot in BOTS}
        for number in range(rounds + 1):
            for bot in BOTS:
                milliseconds = await loads[bot].cpu_of(urls[bot], turns)
                if number:  # the first round warms up
                    cpu[bot].append(milliseconds)
                connector.calls.clear()
    median = {bot: statistics.median(cpu[bot]) for bot in BOTS}
    return {
        "cpu_ms_per_turn": {bot: round(median[bot], 3) for bot in BOTS},
        "times_raw": {bot: round(median[bot] / median["raw"], 2) for bot in BOTS},
        "rounds": rounds,
        "turns": turns,
        "concurrency": concurrency,
    }


def main() -> None:
    """Run one bot, or measure all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", nargs=3, metavar=("BOT", "CONNECTOR", "METADATA"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=1000)
    parser.add_argument("--concurrency", type=int, default=16)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(*options.serve))
        return
    figures = asyncio.run(measure(options.rounds, options.turns, options.concurrency))
    print(json.dumps(figures, indent=2))  # noqa: T201 - the result


if __name__ == "__main__":
    main()
