"""POST /api/messages: a request from Teams is checked, read, run as one turn and answered. Nothing else is exposed."""

from collections.abc import AsyncIterator

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.teams.adapter import MeldrouteAdapter
from bot.teams.events import EventHandler
from bot.teams.incoming import Refused, read_activity
from bot.teams.late_turns import LateTurns
from bot.teams.late_updates import LateUpdates
from bot.teams.teams_bot import MeldrouteBot, Sentences
from bot.teams.token_check import Check

log = structlog.get_logger(__name__)

PATH = "/api/messages"
#: Bytes: several times the largest message of Teams (100 kB), with every character escaped.
LARGEST_BODY = 1024 * 1024
#: Seconds from the start of a turn until its request is answered, done or not: Teams gives up on a press after five
#: (Microsoft Learn, "Universal Action Model"), the way here and back included.
ANSWER_WITHIN = 3.5
#: Seconds that a shutdown waits for turns that go on after their answer, and for changes of cards on their way.
_LAST_TURNS = 15.0
_LAST_UPDATES = 10.0


def message_route(
    app: web.Application,
    *,
    check: Check,
    adapter: MeldrouteAdapter,
    handler: EventHandler,
    sentences: Sentences,
    clock: Clock,
    answer_within: float = ANSWER_WITHIN,
) -> None:
    """Add the route. What the adapter needs is to be opened by a context of the app that was added before this one."""
    late_updates = LateUpdates()
    late_turns = LateTurns(answer_within)
    bot = MeldrouteBot(handler, sentences, clock, late_updates, late_turns)

    async def messages(request: web.Request) -> web.Response:
        try:
            claims = await check.caller(request.headers)
            activity = read_activity(await _body(request))
            check.activity(claims, activity)
            answer = await adapter.process(activity, bot.on_turn)
        except Refused as refused:
            log.warning("request_refused", status=refused.status, reason=refused.reason)
            return web.Response(status=refused.status)
        if answer is None:
            return web.Response()
        return web.Response(status=answer.status, body=answer.body, content_type="application/json")

    async def settle(_app: web.Application) -> AsyncIterator[None]:
        yield
        await late_turns.settle_all(_LAST_TURNS)
        await late_updates.settle_all(_LAST_UPDATES)

    app.router.add_post(PATH, messages)
    app.cleanup_ctx.append(settle)


async def _body(request: web.Request) -> bytes:
    """The body. Raises Refused when it is too large or does not come over whole."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise Refused(413, "body too large")
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise Refused(413, "body too large")
    except web.RequestPayloadError as error:
        raise Refused(400, f"body not readable: {type(error).__name__}") from error
    return bytes(body)
