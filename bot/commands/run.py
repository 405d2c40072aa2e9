"""`meldroute run`, `demo` and `migrate`: what starts the bot, and what starts it for a moment."""

import asyncio
import socket
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import structlog
from aiohttp import web

from bot.app import DISPATCHER, WATCHDOG, build_app, local_identity, teams_identity
from bot.clock import utc_now
from bot.commands.stored import demand_tables
from bot.log_setup import set_up_logs
from bot.serving import serve
from bot.settings import Settings, SettingsInvalid, read_settings
from storage.engine import DatabaseRefused
from storage.key_file import KeyFileRefused
from storage.migrate import current, head
from storage.migrate import migrate as bring_up_to_date

log = structlog.get_logger(__name__)

_HIGHEST_PORT = 65535


def run(*, local: bool, port: int | None, data: str) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit status. Raises SettingsInvalid, FileInvalid."""
    if port is not None and not 1 <= port <= _HIGHEST_PORT:
        raise SettingsInvalid(f"--port {port}: kies een getal van 1 tot en met {_HIGHEST_PORT}")
    try:
        return _serve_local(port, Path(data)) if local else _serve(port)
    except (DatabaseRefused, KeyFileRefused) as wrong:
        raise SettingsInvalid(str(wrong)) from wrong


async def migrate() -> int:
    """Bring the tables up to date as their owner. Raises SettingsInvalid."""
    settings = read_settings()
    owner = settings.owner_database_url or settings.database_url
    try:
        await bring_up_to_date(owner.get_secret_value())
    except DatabaseRefused as refused:
        raise SettingsInvalid(str(refused)) from refused
    sys.stdout.write(f"De tabellen zijn op versie {head()}.\n")
    return 0


async def demo() -> int:
    """Play the whole story against a bot of its own, on a free port and with data that is thrown away."""
    from bot.local.demo import demo as play  # noqa: PLC0415 - bot/local is imported by the command line alone

    set_up_logs("WARNING", for_people=True)
    with tempfile.TemporaryDirectory(prefix="meldroute-") as folder:
        port = _free_port()
        async with local_bot(port, Path(folder)):
            return await play(f"http://127.0.0.1:{port}")


@asynccontextmanager
async def local_bot(port: int, data: Path) -> AsyncGenerator[web.Application]:
    """A running bot in local mode, with its try-out window."""
    runner = web.AppRunner(await _local_app(_local_settings(data, port), data))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield runner.app
    finally:
        await runner.cleanup()


def _serve_local(port: int | None, data: Path) -> int:
    settings = _local_settings(data, port)
    set_up_logs("WARNING", for_people=True)
    if not _is_free(settings.port):
        raise SettingsInvalid(
            f"poort {settings.port} is al in gebruik. Stop dat programma, of kies een andere met --port."
        )
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsInvalid(f"--data {data}: hier kan geen map zijn ({error.strerror})") from error
    asyncio.run(_run_locally(settings, data))
    return 0


async def _run_locally(settings: Settings, data: Path) -> None:
    def listening() -> None:
        sys.stdout.write(
            f"Meldroute draait. Open http://{settings.host}:{settings.port} in je browser. Ctrl-C stopt alles.\n"
        )
        sys.stdout.flush()

    app = await _local_app(settings, data)
    await serve(app, host=settings.host, port=settings.port, drain=0, listening=listening)


def _serve(port: int | None) -> int:
    settings = read_settings() if port is None else read_settings(port=port)
    set_up_logs(settings.log_level)
    asyncio.run(_check_tables(settings))
    asyncio.run(_run(settings))
    return 0


async def _run(settings: Settings) -> None:
    app = await build_app(settings, teams_identity(settings))
    await serve(app, host=settings.host, port=settings.port, drain=settings.drain_seconds)


async def _check_tables(settings: Settings) -> None:
    try:
        version = await current(settings.database_url.get_secret_value())
    except DatabaseRefused as refused:
        # Numbers are answered all the same, and the rest once the database is back.
        log.warning("database_not_reached_at_start", reason=str(refused))
        return
    demand_tables(version)
    if version != head():
        log.warning("tables_are_newer", version=version, known=head())


def _local_settings(data: Path, port: int | None) -> Settings:
    # bot/local is imported by the command line alone: a bot in production never loads it.
    from bot.local.settings import local_settings  # noqa: PLC0415

    return local_settings(data, port)


async def _local_app(settings: Settings, data: Path) -> web.Application:
    from bot.local.attach import attach  # noqa: PLC0415 - as above
    from bot.local.chats import CannotKeep  # noqa: PLC0415
    from bot.local.clock import LocalClock  # noqa: PLC0415

    await bring_up_to_date(settings.database_url.get_secret_value())
    clock = LocalClock(utc_now)
    app = await build_app(settings, local_identity(settings), clock=clock)
    try:
        attach(app, port=settings.port, clock=clock, data_folder=data)
    except CannotKeep as lost:
        raise SettingsInvalid(str(lost)) from lost
    clock.when_moved(app[DISPATCHER].wake)
    clock.when_moved(app[WATCHDOG].wake)
    return app


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
