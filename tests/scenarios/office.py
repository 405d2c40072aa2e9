"""A municipality for a test: the whole bot over real HTTP, a connector that plays Teams, and people with Teams open."""

import asyncio
import json
import os
import signal as os_signal
import sys
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, web

from bot.app import build_app, local_identity
from bot.clock import Clock, utc_now
from bot.governor import NO_LIMITS
from bot.settings import read_settings
from storage.migrate import migrate
from tests.fake_connector import BOT_ID, TENANT, FakeConnector
from tests.teams_client import Person

OFFICERS = ("Anna", "Bas")
APP_ID = BOT_ID.removeprefix("28:")


async def build(
    data: Path, url: str, connector_url: str, officers: dict[str, str], clock: Clock = utc_now
) -> web.Application:
    """The bot of this office, its tables up to date."""
    settings = read_settings(
        local=True,
        app_id=APP_ID,
        tenant_id=TENANT,
        service_url=connector_url,
        database_url=url,
        key_file=data / "content.key",
        focal_officers=officers,
    )
    await migrate(url)
    return await build_app(settings, local_identity(settings), clock=clock, rates=NO_LIMITS)


@dataclass
class Office:
    """The people and the bot."""

    connector: FakeConnector
    bot_url: str
    session: ClientSession

    def person(self, name: str, *, old_client: bool = False) -> Person:
        """Somebody with Teams open."""
        return Person(name, self.connector, self.bot_url, self.session, old_client=old_client)

    async def hears_of_a_report(self, robin: Person) -> str:
        """Robin reports the shortest real signal; its reference."""
        await robin.says("melden")
        await robin.presses("Nee")
        robin.fills("Wat heb je gezien of gehoord?", "De baas heeft alle paspoorten van de mannen in zijn tas.")
        await robin.presses("Volgende")
        await robin.presses("Nu versturen zoals het is")
        await robin.hears("Je melding is ontvangen")
        return "S-2026-0001"


def officers_of(connector: FakeConnector, names: Iterable[str] = OFFICERS) -> dict[str, str]:
    """The focal officers by Entra object id."""
    return {connector.account(name).person: name for name in names}


@asynccontextmanager
async def office(
    data: Path, url: str, *, officers: Iterable[str] = OFFICERS, clock: Clock = utc_now
) -> AsyncGenerator[Office]:
    """A running office on this database."""
    async with FakeConnector() as connector, ClientSession() as session:
        runner = web.AppRunner(await build(data, url, connector.service_url, officers_of(connector, officers), clock))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        try:
            yield Office(connector, f"http://127.0.0.1:{port}/api/messages", session)
        finally:
            await runner.cleanup()


class BotProcess:
    """The bot as a process of its own, to be killed."""

    def __init__(self, data: Path, url: str, connector: FakeConnector) -> None:
        self._arguments = (str(data), url, connector.service_url, json.dumps(officers_of(connector)))
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> str:
        """Start it; where it takes messages."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.scenarios.office",
            *self._arguments,
            cwd=Path(__file__).parents[2],
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self._process.stdout is not None
        port = (await self._process.stdout.readline()).decode().strip()
        return f"http://127.0.0.1:{port}/api/messages"

    async def kill(self) -> None:
        """kill -9: nothing is finished, nothing is written."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(os_signal.SIGKILL)
            await self._process.wait()
            self._process = None


async def _serve(data: str, url: str, connector_url: str, officers: str) -> None:
    runner = web.AppRunner(await build(Path(data), url, connector_url, json.loads(officers)))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201 - tells the test where it listens
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
