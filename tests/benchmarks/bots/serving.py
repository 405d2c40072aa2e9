"""What each bot of the benchmark does besides its own work: stand on one core, tell its port and its figures."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping

from aiohttp import web

#: The environment variable with the number of the core that all bots share; without it they stand anywhere.
BOT_CORE = "BENCH_BOT_CORE"


def stand_on_their_core() -> None:
    """Run on the bots' core, with all threads to come."""
    if core := os.environ.get(BOT_CORE):
        os.sched_setaffinity(0, {int(core)})


async def serve(app: web.Application, counts: Callable[[], Mapping[str, object]] = dict) -> None:
    """Serve on a free port, which is printed, until standard input ends.

    GET /figures gives the CPU seconds (user and system) of this process as the operating system counts them, and
    `counts`.
    """

    async def figures(_request: web.Request) -> web.Response:
        return web.json_response({"cpu": time.process_time(), **counts()})

    app.router.add_get("/figures", figures)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201 - the parent reads it
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin, ended.set)
    await ended.wait()
    loop.remove_reader(sys.stdin)
    await runner.cleanup()
