"""Put the local connector and the try-out window in the bot's own web application."""

from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_address
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.local.chats import Chats
from bot.local.clock import LocalClock
from bot.local.connector import Connector
from bot.local.faults import Faults
from bot.local.feed import Feed
from bot.local.outbound import ToBot
from bot.local.people import DEFAULT_PEOPLE, LocalPerson
from bot.local.protocol import Refused
from bot.local.window import RENDERER, Window

CHATS_FILE = "try-out.json"
_CHANGES = frozenset({"POST", "PUT"})


def service_url(port: int) -> str:
    """Where the bot delivers in local mode."""
    return f"http://127.0.0.1:{port}/teams/"


def window_url(port: int) -> str:
    """Where a browser opens the try-out window."""
    return f"http://127.0.0.1:{port}/try-out/"


def attach(
    app: web.Application,
    *,
    port: int,
    clock: LocalClock,
    data_folder: Path,
    people: Sequence[LocalPerson] = DEFAULT_PEOPLE,
    renderer: Path = RENDERER,
) -> None:
    """Add /teams (the connector), /try-out (the window) and a way there from / to a bot's application.

    The application must answer POST /api/messages on this port and not be frozen yet. The chats and the clock are
    picked up from the data folder. Raises CannotKeep if they cannot be read.
    """
    feed = Feed()
    faults = Faults()
    chats = Chats(people, clock, feed, data_folder / CHATS_FILE)
    guard = _only_from_here(port)
    session_key = web.AppKey("session", aiohttp.ClientSession)

    connector = web.Application(middlewares=[guard, _answer_refusals])
    connector.add_routes(Connector(people, chats, faults, feed, clock).routes())

    window_app = web.Application(middlewares=[guard])
    bot_url = f"http://127.0.0.1:{port}/api/messages"
    to_bot = ToBot(lambda: window_app[session_key], bot_url, service_url(port), chats, feed, clock)
    window_app.add_routes(Window(people, chats, to_bot, clock, faults, feed, renderer).routes())

    async def session(_app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as opened:
            window_app[session_key] = opened
            yield

    async def close_feed(_app: web.Application) -> None:
        feed.close()

    window_app.cleanup_ctx.append(session)
    window_app.on_shutdown.append(close_feed)
    app.add_subapp("/teams", connector)
    app.add_subapp("/try-out", window_app)
    app.router.add_get("/", _to_window)


async def _to_window(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/try-out/")


def _only_from_here(port: int) -> Middleware:
    """Refuse whatever does not come from a program or page on this machine that knows it speaks to this one.

    A page elsewhere can make a browser call a loopback address: under a name of its own (DNS rebinding), which the Host
    header shows, or with a form, which cannot send JSON (OWASP, "Cross-Site Request Forgery Prevention").
    """
    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host not in hosts or not ip_address(request.remote or "0.0.0.0").is_loopback:  # noqa: S104 - no bind
            raise web.HTTPForbidden(text="Meldroute's try-out answers this machine only.")
        if request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
            raise web.HTTPForbidden(text="Another page may not use the try-out.")
        if request.method in _CHANGES and request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="JSON only.")
        return await handler(request)

    return guard


@web.middleware
async def _answer_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        return refused.answer()
