"""Whether this process is alive, and whether it is ready: for a load balancer and for whoever watches over the bot.

    /healthz          alive: it answers
    /readyz           all is well: database, schema, nothing waits too long. 503 with the reasons if not
    /readyz/traffic   it takes turns. 503 only while it stops

Two questions, as a bot whose database is away still tells 112 and numbers: a load balancer that took it out would take
that away too. Answers hold numbers only.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.telemetry import OFF, Telemetry
from storage.health import StoredHealth

log = structlog.get_logger(__name__)

#: Seconds within which the database must answer, and for which an answer is told again without asking.
_PATIENCE = 2.0
_FRESH = 2.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long something may wait before the bot is not well; zero: as long as it likes."""

    notice: timedelta = timedelta(minutes=15)
    acute: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: numbers by name, and why not all is well, in words of ours."""

    figures: dict[str, float]
    reasons: tuple[str, ...] = ()


class Health:
    """The state of this process and its database."""

    def __init__(
        self,
        look: Callable[[], Awaitable[StoredHealth]],
        fits: Callable[[str | None], bool],
        clock: Clock,
        limits: Limits,
        telemetry: Telemetry = OFF,
    ) -> None:
        """`look` reads the state of the database, `fits` tells whether this version works with a schema's revision."""
        self._look = look
        self._fits = fits
        self._clock = clock
        self._limits = limits
        self._telemetry = telemetry
        self._lock = asyncio.Lock()
        self._last: tuple[float, Report] | None = None
        #: Set at the first sign that the process is to stop.
        self.stopping = False

    async def report(self) -> Report:
        """What is found now; asked often, the database is asked every two seconds only."""
        async with self._lock:
            if self._last is None or time.monotonic() - self._last[0] >= _FRESH:
                self._last = (time.monotonic(), await self._found())
            found = self._last[1]
        return Report(found.figures, ("stopping", *found.reasons)) if self.stopping else found

    async def _found(self) -> Report:
        start = time.perf_counter()
        try:
            async with asyncio.timeout(_PATIENCE):
                stored = await self._look()
        except Exception as error:  # noqa: BLE001 - every driver has errors of its own, and all mean the same here
            log.warning("not_ready", reason="database", kind=type(error).__name__)
            return Report({}, ("database",))
        notice, acute = self._age(stored.oldest_unsent), self._age(stored.oldest_acute)
        self._telemetry.ages(outbox=notice, acute=acute)
        figures = {
            "database_seconds": round(time.perf_counter() - start, 4),
            "oldest_unsent_notice_seconds": round(notice, 1),
            "oldest_unclaimed_acute_seconds": round(acute, 1),
            "dead_letters": stored.dead_letters,
            "signals_without_handler": stored.unhandled,
        }
        wrong = {
            "database": stored.read_only,
            "schema": not self._fits(stored.revision),
            "notices": _is_over(notice, self._limits.notice),
            "acute": _is_over(acute, self._limits.acute),
            "handlers": stored.unhandled > 0,
        }
        return Report(figures, tuple(reason for reason, is_so in wrong.items() if is_so))

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else max(0.0, (self._clock() - since).total_seconds())

    # --- what is asked over HTTP ---

    def add_routes(self, app: web.Application) -> None:
        """Answer at the three addresses."""
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/readyz/traffic", self._takes_turns)

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def _ready(self, _request: web.Request) -> web.Response:
        report = await self.report()
        return _answer(report.figures, report.reasons)

    async def _takes_turns(self, _request: web.Request) -> web.Response:
        return _answer({}, ("stopping",) if self.stopping else ())


def _is_over(age: float, limit: timedelta) -> bool:
    return bool(limit) and age > limit.total_seconds()


def _answer(figures: dict[str, float], reasons: tuple[str, ...]) -> web.Response:
    body: dict[str, object] = {"ready": int(not reasons), **figures}
    if reasons:
        body["reasons"] = list(reasons)
    return web.json_response(body, status=503 if reasons else 200, headers={"Cache-Control": "no-store"})
