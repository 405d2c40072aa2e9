"""The try-out window: one page in which made-up people chat with the bot, and the switches beside it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Literal, Self

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, JsonValue, NaiveDatetime, ValidationError

from bot.local.chats import ChatMessage, Chats
from bot.local.clock import LocalClock
from bot.local.events import ClockMoved, FaultsChanged
from bot.local.faults import Fault, Faults
from bot.local.feed import Feed
from bot.local.outbound import ToBot
from bot.local.people import LocalPerson, Role
from dialogs.domain.opening_hours import AMSTERDAM

PAGE = Path(str(files("bot.local") / "page"))
#: What `make install` fetched.
RENDERER = Path(__file__).resolve().parents[2] / "build" / "try-out"
RENDERER_FILES = ("adaptivecards.min.js", "markdown-it.min.js")

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class _Asked(BaseModel):
    """What the page asks for."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    async def of(cls, request: web.Request) -> Self:
        try:
            return cls.model_validate_json(await request.read())
        except ValidationError as error:
            raise web.HTTPBadRequest(text=str(error)) from None


class Opened(_Asked):
    """The window was opened."""


class SayAsked(_Asked):
    """Send a message."""

    person: str
    text: str


class PressAsked(_Asked):
    """Press a button of a card."""

    person: str
    card_id: str
    #: True for Action.Execute, False for Action.Submit.
    execute: bool
    verb: str = ""
    id: str = ""
    #: What the button carries and what was filled in, together, as the renderer puts them.
    data: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])


class SearchAsked(_Asked):
    """Search in the message extension; without a query it was only opened."""

    person: str
    query: str | None = None


class _Forward(_Asked):
    by: Literal["hour", "day", "working_day", "moment"]
    #: For `moment`: when, on the clock of Amsterdam.
    to: NaiveDatetime | None = None


class _Lose(_Asked):
    """None: all is well again."""

    fault: Fault | None


class PersonShown(BaseModel):
    """Somebody in the window."""

    key: str
    name: str
    role: Role


class WindowState(BaseModel):
    """All that a page shows when it opens."""

    kind: Literal["state"] = "state"
    people: list[PersonShown]
    messages: dict[str, Sequence[ChatMessage]]
    now: datetime
    pending: tuple[Fault, ...]


class Window:
    """The page's own addresses."""

    def __init__(
        self,
        people: Sequence[LocalPerson],
        chats: Chats,
        to_bot: ToBot,
        clock: LocalClock,
        faults: Faults,
        feed: Feed,
        renderer: Path,
    ) -> None:
        self._people = {person.key: person for person in people}
        self._chats = chats
        self._to_bot = to_bot
        self._clock = clock
        self._faults = faults
        self._feed = feed
        self._renderer = renderer
        self._opening = asyncio.Lock()
        clock.when_moved(lambda: feed.publish(ClockMoved(now=clock())))

    def routes(self) -> list[web.AbstractRouteDef]:
        """The addresses below /try-out."""
        return [
            web.get("/", _page("index.html")),
            *(web.get(f"/{file.name}", _page(file.name)) for file in PAGE.iterdir() if file.is_file()),
            *(web.get(f"/renderer/{name}", self._renderer_file(name)) for name in RENDERER_FILES),
            web.get("/events", self._events),
            web.post("/open", self._open),
            web.post("/say", self._say),
            web.post("/press", self._press),
            web.post("/search", self._search),
            web.post("/clock", self._forward),
            web.post("/faults", self._lose),
        ]

    def _renderer_file(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handler(_request: web.Request) -> web.StreamResponse:
            file = self._renderer / name
            if not file.is_file():
                raise web.HTTPNotFound(text="De kaarttekenaar ontbreekt. Voer eerst uit: make install")
            return web.FileResponse(file, headers=_HEADERS)

        return handler

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the state, then every change."""
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        state = WindowState(
            people=[PersonShown(key=p.key, name=p.name, role=p.role) for p in self._people.values()],
            messages={key: self._chats.of(person) for key, person in self._people.items()},
            now=self._clock(),
            pending=self._faults.pending,
        )
        with contextlib.suppress(ConnectionResetError):  # the page was closed
            async for event in self._feed.events(state):
                await response.write(f"data: {event}\n\n".encode())
        return response

    async def _open(self, request: web.Request) -> web.Response:
        """The first time, everybody gets the app."""
        await Opened.of(request)
        async with self._opening:
            for person in self._people.values():
                await self._to_bot.install(person)
        return web.Response(status=204)

    async def _say(self, request: web.Request) -> web.Response:
        said = await SayAsked.of(request)
        await self._to_bot.say(self._person(said.person), said.text)
        return web.Response(status=204)

    async def _press(self, request: web.Request) -> web.Response:
        press = await PressAsked.of(request)
        person = self._person(press.person)
        if press.execute:
            action = {"id": press.id, "verb": press.verb, "data": press.data}
            result = await self._to_bot.execute(person, press.card_id, action)
        else:
            result = await self._to_bot.submit(person, press.card_id, press.data)
        return web.json_response(text=result.model_dump_json())

    async def _search(self, request: web.Request) -> web.Response:
        asked = await SearchAsked.of(request)
        result = await self._to_bot.search(self._person(asked.person), asked.query)
        return web.json_response(text=result.model_dump_json())

    async def _forward(self, request: web.Request) -> web.Response:
        asked = await _Forward.of(request)
        match asked.by:
            case "hour":
                self._clock.forward(timedelta(hours=1))
            case "day":
                self._clock.forward(timedelta(days=1))
            case "working_day":
                self._clock.to_next_working_day()
            case "moment":
                self._jump(asked.to)
        return web.Response(status=204)

    def _jump(self, to: datetime | None) -> None:
        if to is None:
            raise web.HTTPBadRequest(text="Naar welk moment?")
        try:
            self._clock.to(to.replace(tzinfo=AMSTERDAM))
        except ValueError:
            raise web.HTTPBadRequest(text="De klok kan alleen vooruit, en hooguit tien jaar.") from None

    async def _lose(self, request: web.Request) -> web.Response:
        fault = (await _Lose.of(request)).fault
        if fault:
            self._faults.add(fault)
        else:
            self._faults.clear()
        self._feed.publish(FaultsChanged(pending=self._faults.pending))
        return web.Response(status=204)

    def _person(self, key: str) -> LocalPerson:
        if key not in self._people:
            raise web.HTTPBadRequest(text=f"no such person: {key}")
        return self._people[key]


def _page(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / name, headers=_HEADERS)

    return handler
