"""The window with the echo bot behind it, on a free port of this machine."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.local.attach import attach
from bot.local.clock import LocalClock
from bot.local.window import RENDERER
from tests.bot.local.echo_bot import EchoBot


@dataclass
class Served:
    bot: EchoBot
    url: str
    port: int
    clock: LocalClock


@asynccontextmanager
async def served(data_folder: Path, renderer: Path = RENDERER) -> AsyncGenerator[Served]:
    bot = EchoBot()
    clock = LocalClock()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        app = web.Application()
        app.router.add_post("/api/messages", bot.handle)
        attach(app, port=port, clock=clock, data_folder=data_folder, renderer=renderer)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        try:
            yield Served(bot, f"http://127.0.0.1:{port}", port, clock)
        finally:
            await runner.cleanup()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
