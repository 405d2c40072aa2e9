"""Serve until told to stop, and then stop in order, so that nothing under way is lost.

1. Not ready: the load balancer looks elsewhere, while turns are still taken.
2. No new turns: who comes all the same hears a friendly sentence; 112 and numbers are still told.
3. What is under way ends: turns, changes of cards, notices. Leases are let go of, and connections closed.
"""

import asyncio
import os
import signal as os_signal
from collections.abc import Callable
from contextlib import suppress

import structlog
from aiohttp import web

from bot.app import ADMISSION, DISPATCHER, HEALTH
from bot.settings import SettingsInvalid

log = structlog.get_logger(__name__)

#: How long connections with a request under way are waited for, in seconds: more than a turn takes to be answered.
_LAST_REQUESTS = 10.0


async def serve(
    app: web.Application, *, host: str, port: int, drain: float, listening: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGTERM or Ctrl-C. `drain`: seconds in which the load balancer notices; a second Ctrl-C ends them.

    `listening` is called once, as soon as somebody can call. Raises SettingsInvalid where nobody can listen.
    """
    stop = _told_to_stop()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LAST_REQUESTS)
    await runner.setup()
    try:
        await _listen(runner, host, port)
        listening()
        log.info("started", port=port, process=os.getpid())
        await stop.wait()
        stop.clear()
        log.info("stopping", drain=drain)
        app[HEALTH].stopping = True
        app[DISPATCHER].stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), drain)
        app[ADMISSION].stop()
    finally:
        await runner.cleanup()
        log.info("stopped")


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise SettingsInvalid(f"op {host}:{port} kan Meldroute niet luisteren ({error.strerror})") from error


def _told_to_stop() -> asyncio.Event:
    """Set at each signal to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (os_signal.SIGINT, os_signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C cancels the task, and everything still ends in order
            loop.add_signal_handler(number, stop.set)
    return stop
