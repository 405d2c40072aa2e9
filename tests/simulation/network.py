"""The network between the bot and Teams: late, lossy, and never asked twice the same way."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import Any, Self
from urllib.parse import quote

from aiohttp import ClientTimeout, ConnectionTimeoutError, ServerDisconnectedError, ServerTimeoutError
from yarl import URL

from tests.fake_connector import Answered, Call, FakeConnector, Fault
from tests.simulation.ledger import TRY, Arrival, Ledger
from tests.simulation.replica import REPLICA, Replica
from tests.simulation.weather import Forecast

#: Something is about to leave, or has come back: a place where a process can be killed.
Reach = Callable[[str], None]


class SimulatedTeams(FakeConnector):
    """Teams, with today's weather in place of faults on demand."""

    def __init__(self, forecast: Forecast, ledger: Ledger, told: Callable[[str], Awaitable[None]]) -> None:
        """`told` hears of everything that anybody can read from now on."""
        super().__init__()
        self._forecast = forecast
        self._ledger = ledger
        self._told = told

    async def takes(self, method: str, raw_path: str, body: bytes, token: str | None) -> Answered:
        """One request; what was taken is told."""
        before = len(self._ledger.arrivals)
        answered = await super().takes(method, raw_path, body, token)
        if len(self._ledger.arrivals) > before:
            await self._told(body.decode())
        return answered

    def _next_fault(self, call: Call) -> Fault:
        now = asyncio.get_running_loop().time()
        self._ledger.came.append((now, quote(call.conversation, safe="")))
        fault = self._forecast.fault(now, call.conversation)
        if fault != Fault():
            self._ledger.note(now, "teams_fails", fault.status or fault.cut or "late", "taken" if fault.taken else "")
        return fault

    def _act(self, call: Call) -> tuple[int, object]:
        status, answer = super()._act(call)
        now = asyncio.get_running_loop().time()
        attempt = TRY.get()
        if status < 300:
            body = repr(call.body)
            self._ledger.arrivals.append(Arrival(now, call.operation, call.conversation, body, attempt))
        notice = "" if attempt is None else attempt.notice
        self._ledger.note(now, f"teams_{call.operation}", status, call.conversation, notice)
        return status, answer


class SimulatedSession:
    """In place of the `aiohttp.ClientSession` of one replica."""

    def __init__(
        self, replica: Replica, teams: SimulatedTeams, forecast: Forecast, ledger: Ledger, reach: Reach
    ) -> None:
        self.replica = replica
        self.ledger = ledger
        self.teams = teams
        self.forecast = forecast
        self.reach = reach

    def request(self, method: str, url: URL, *, data: bytes | None, timeout: ClientTimeout, **_: Any) -> "_Exchange":
        """A request, to be entered."""
        return _Exchange(self, method, url, data or b"", timeout.total or 60.0)

    async def close(self) -> None:
        """Nothing was opened."""


class _Exchange:
    """One request on its way, and its answer."""

    def __init__(self, session: SimulatedSession, method: str, url: URL, data: bytes, seconds: float) -> None:
        self._session = session
        self._method = method
        self._path = url.raw_path
        self._data = data
        self._seconds = seconds
        self._answered = Answered(None)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._answered.status or 0

    @property
    def headers(self) -> dict[str, str]:
        """The headers that matter."""
        return dict(self._answered.headers)

    async def read(self) -> bytes:
        """The body."""
        return self._answered.body

    async def __aenter__(self) -> Self:
        session = self._session
        session.reach("call")
        now = asyncio.get_running_loop().time
        session.ledger.sent.append((now(), _conversation(self._path)))
        weather = session.forecast.weather
        try:
            async with asyncio.timeout(self._seconds):
                await asyncio.sleep(session.forecast.random.uniform(*session.forecast.latency))
                session.replica.check_alive()
                if session.forecast.happens(weather.not_connected):
                    raise ConnectionTimeoutError
                self._answered = await asyncio.shield(self._at_teams())
        except TimeoutError as late:
            if isinstance(late, ConnectionTimeoutError):
                raise
            raise ServerTimeoutError from late
        session.reach("called")
        if self._answered.status is None:
            raise ServerDisconnectedError
        return self

    async def __aexit__(self, *_: object) -> None:
        return

    def _at_teams(self) -> asyncio.Task[Answered]:
        """What Teams does with it goes on without us: it outlives our waiting, and our process."""
        context = copy_context()
        context.run(REPLICA.set, None)
        takes = self._session.teams.takes(self._method, self._path, self._data, None)
        return asyncio.get_running_loop().create_task(takes, context=context)


def _conversation(path: str) -> str:
    """The id of the conversation as it stands in the path of a call; empty where one is opened."""
    return path.partition("/v3/conversations")[2].strip("/").partition("/")[0]
